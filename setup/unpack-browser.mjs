// Unpacks the Chromium of @sparticuz/chromium, with the libraries and fonts that it carries, into the folder given.
import { inflate } from "@sparticuz/chromium";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const packed = fileURLToPath(new URL("../node_modules/@sparticuz/chromium/bin/", import.meta.url));

process.env.TMPDIR = process.argv[2]; // where `inflate` writes
mkdirSync(process.env.TMPDIR, { recursive: true });
for (const archive of ["chromium.br", "swiftshader.tar.br", "fonts.tar.br", "al2023.tar.br"]) {
  await inflate(packed + archive);
}
