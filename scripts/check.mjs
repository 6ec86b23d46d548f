/** `npm run check`: format, lint, types, generated code, unused code; stops at the first that fails. */
import "./lib/check-node.mjs";
import { runChecks } from "./lib/checks.mjs";
import { prepare } from "./lib/prepare.mjs";
import { main } from "./lib/processes.mjs";

await main(async () => {
  await prepare(["codegen"]);
  const { failed } = await runChecks({ stopAtFirst: true, limit: undefined });
  return failed === 0 ? 0 : 1;
});
