/**
 * `npm run bench:types`: installs and compiles what is missing, and measures what types cost the programs that call
 * tasks: interfaces by hand, Ligature, oRPC, tRPC.
 */
import "./lib/check-node.mjs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { exitOnSignals, main, root, show } from "./lib/processes.mjs";

await main(async () => {
  exitOnSignals();
  await prepare(["bench"]);
  return show(process.execPath, [join(root, "bench", "dist", "types", "main.js")]);
});
