/**
 * `npm run bench:codegen`: installs and compiles what is missing, and measures how long codegen takes for 1,000 tasks in 50 contracts.
 */
import "./lib/check-node.mjs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { exitOnSignals, main, root, show } from "./lib/processes.mjs";

await main(async () => {
  exitOnSignals();
  await prepare(["bench"]);
  return show(process.execPath, [join(root, "bench", "dist", "codegen", "main.js")]);
});
