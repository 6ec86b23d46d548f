/** Before @ligature/codegen is packed: the documents that its commands name go with it. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const target = join(root, "codegen", "docs");
mkdirSync(target, { recursive: true });
for (const name of ["breaking-rules.md", "lint-rules.md"]) copyFileSync(join(root, "docs", name), join(target, name));
