/** `npm run gen [-- options]`: compiles what the generator needs, then runs `ligature gen` over the workspace. */
import "./lib/check-node.mjs";
import { join, relative } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { main, root, show } from "./lib/processes.mjs";
import { workspacePackages } from "./lib/workspace.mjs";

await main(async () => {
  // A contract may import another package's, which is found compiled; generated code isn't needed for that.
  const contracts = workspacePackages().filter(({ manifest }) => manifest.ligature !== undefined);
  await prepare(["src", "codegen", ...contracts.map(({ folder }) => relative(root, folder))]);
  return show(process.execPath, [join(root, "src", "dist", "cli", "main.js"), "gen", ...process.argv.slice(2)]);
});
