import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ts } from "ts-morph";
import { PackageProblem, upwards, workspaceRoot } from "../../workspace/index.ts";

/**
 * The TypeScript projects in a folder: every tsconfig.json in it, and those that they refer to, outermost first.
 * @throws PackageProblem when there is none
 */
export async function findProjects(dir: string, shown: string): Promise<readonly string[]> {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new PackageProblem(`${shown} is not a folder.`);
  const { glob } = await import("tinyglobby");
  const files = await glob("**/tsconfig.json", { cwd: dir, absolute: true, ignore: ["**/node_modules/**"] });
  const found = new Set<string>();
  const add = (file: string): void => {
    if (found.has(file) || !file.startsWith(dir + sep)) return;
    found.add(file);
    for (const reference of referencesOf(file)) add(reference);
  };
  const depth = (file: string): number => file.split(sep).length;
  for (const file of files.map((each) => resolve(each)).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))) add(file);
  if (found.size === 0) {
    throw new PackageProblem(`${shown} has no tsconfig.json, which says what belongs to its program; name one with --project.`);
  }
  return [...found];
}

function referencesOf(file: string): readonly string[] {
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { readonly config?: unknown };
  const { references } = (config ?? {}) as { readonly references?: unknown };
  if (!Array.isArray(references)) return [];
  return references.flatMap((each: { readonly path?: unknown }) => {
    if (typeof each.path !== "string") return [];
    const path = resolve(dirname(file), each.path);
    const target = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, "tsconfig.json") : path;
    return existsSync(target) ? [target] : [];
  });
}

/** The folder that places are relative to: that of the git repository, else of the workspace. */
export async function repositoryRoot(dir: string): Promise<string> {
  for (const above of upwards(dir)) if (existsSync(join(above, ".git"))) return above;
  return workspaceRoot(dir);
}

export function relativePath(root: string, file: string): string {
  return relative(root, file).replaceAll("\\", "/");
}
