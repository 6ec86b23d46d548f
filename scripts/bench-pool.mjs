/**
 * `npm run bench:pool`: installs and compiles what is missing, and measures a task that computes in threads and processes.
 */
import "./lib/check-node.mjs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { exitOnSignals, main, root, show } from "./lib/processes.mjs";

await main(async () => {
  exitOnSignals();
  await prepare(["bench"]);
  return show(process.execPath, [join(root, "bench", "dist", "pool", "main.js")]);
});
