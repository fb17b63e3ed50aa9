// Unpacks the Chromium of @sparticuz/chromium, with the libraries and fonts that it carries, into the folder given.
import { inflate } from "@sparticuz/chromium";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packed = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..", "..", "bin");
const folder = process.argv[2];

mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder; // where `inflate` writes
for (const archive of ["chromium.br", "swiftshader.tar.br", "fonts.tar.br", "al2023.tar.br"]) {
  await inflate(join(packed, archive));
}
