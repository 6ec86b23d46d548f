import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.mjs";

/** The root and the packages of pnpm-workspace.yaml, the only ones of ours. */
export function workspacePackages() {
  const list = /^packages:\n((?: +- .+\n)+)/m.exec(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"))?.[1] ?? "";
  const patterns = list.split("\n").flatMap((line) => /- ["']?([^"'\s]+)/.exec(line)?.[1] ?? []);
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [join(root, pattern)];
    const parent = join(root, pattern.slice(0, -2));
    return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  });
  return [root, ...folders].flatMap((folder) => {
    const file = join(folder, "package.json");
    return existsSync(file) ? [{ folder, file, manifest: JSON.parse(readFileSync(file, "utf8")) }] : [];
  });
}
