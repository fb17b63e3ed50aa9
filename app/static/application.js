// Starts the behaviour of GOV.UK Frontend's components. Every page works without it.
import { initAll } from "./govuk-frontend.min.js";

// what GOV.UK's own template says by a script inside the page, which our security policy does not run
document.body.classList.add("js-enabled", "govuk-frontend-supported");

initAll();
