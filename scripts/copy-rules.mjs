/** Around the packing of @ligature/codegen: the documents that its commands name go with it; `--remove` takes the copies away. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const target = join(root, "codegen", "docs");
rmSync(target, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  mkdirSync(target, { recursive: true });
  for (const name of ["breaking-rules.md", "lint-rules.md"]) copyFileSync(join(root, "docs", name), join(target, name));
}
