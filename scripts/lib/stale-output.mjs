import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./processes.mjs";

/** Which folder's sources each dist folder is compiled from: its own package's, or that package's src. */
const packages = ["src", "codegen/src", "monitor/src", "examples", "examples/hello", "test", "packages/*/src", "test/*/src"];

/**
 * `tsc -b` leaves the output of sources that are gone. A test that still imported it would pass here and
 * nowhere else, and a packed package would ship it.
 */
export function removeStaleOutput() {
  for (const sources of packages.flatMap(expand)) {
    const output = existsSync(join(sources, "dist")) ? join(sources, "dist") : join(dirname(sources), "dist");
    if (!existsSync(output)) continue;
    for (const file of readdirSync(output, { recursive: true, encoding: "utf8" })) {
      const name = /^(.+)\.js$/.exec(file)?.[1];
      if (name === undefined || [".ts", ".tsx"].some((ending) => existsSync(join(sources, name + ending)))) continue;
      for (const ending of [".js", ".js.map", ".d.ts", ".d.ts.map"]) rmSync(join(output, name + ending), { force: true });
      console.log(`Removed ${relative(root, join(output, file))}: its source is gone.`);
    }
  }
}

function expand(pattern) {
  const [parent, rest] = pattern.split("/*/");
  if (rest === undefined) return [join(root, pattern)];
  return readdirSync(join(root, parent)).map((name) => join(root, parent, name, rest));
}
