// Starts the behaviour of GOV.UK Frontend's components. Every page works without it.
import { initAll } from "./govuk-frontend.min.js";

// what GOV.UK's own template says by a script inside the page, which our security policy does not run
document.body.classList.add("js-enabled", "govuk-frontend-supported");

initAll();

// A question that hangs on another answer of its page is shown as soon as that answer is selected, and a section
// that is set aside is hidden at once. Without this script both follow when the section is saved.
const hanging = document.querySelectorAll("[data-hangs]");
const aside = document.getElementById("aside");

function follow() {
  for (const question of hanging) {
    const { hangs, responses } = question.dataset;
    const deciding = document.getElementById(`question-${hangs}`);
    const selected = deciding?.querySelector(`[name="response-${hangs}"]:checked`);
    const applies = !deciding || (!deciding.hidden && responses.split(" ").includes(selected?.value));
    question.hidden = !applies || Boolean(aside?.checked);
    const unseen = question.querySelector("[name^=unseen]");
    if (unseen) unseen.disabled = !question.hidden;
    const kept = question.nextElementSibling;
    if (kept?.matches(".pa-kept")) kept.hidden = !question.hidden;
  }
}

if (hanging.length) {
  addEventListener("change", follow);
  // also when the browser has put back what was selected before
  addEventListener("pageshow", follow);
}
