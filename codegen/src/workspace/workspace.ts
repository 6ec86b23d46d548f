import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { contractPackageAt, inDependencyOrder, PackageProblem, type ContractPackage } from "./contract-package.ts";
import { readPackageJson, readText, upwards } from "./package-json.ts";

/**
 * The contract packages to generate, dependencies first: those in the given folders, or, without any, all
 * of the workspace around `cwd`.
 * @throws PackageProblem when a folder doesn't exist, holds no contract package, or one is set up wrongly.
 */
export async function findContractPackages(cwd: string, dirs: readonly string[] = []): Promise<readonly ContractPackage[]> {
  if (dirs.length === 0) return inDependencyOrder(await packagesAround(cwd));
  const found = await Promise.all(dirs.map((dir) => packagesIn(resolve(cwd, dir), dir)));
  const byDir = new Map(found.flat().map((each) => [each.dir, each]));
  return inDependencyOrder([...byDir.values()]);
}

/** The folder that the packages around `dir` belong to. */
export async function workspaceRoot(dir: string): Promise<string> {
  return (await workspaceAround(dir)).root;
}

/** A workspace, and where its packages may be: globs of folders, relative to the root. */
export interface WorkspaceLayout {
  readonly root: string;
  readonly globs: readonly string[];
}

async function packagesIn(dir: string, asGiven: string): Promise<readonly ContractPackage[]> {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new PackageProblem(`${asGiven} is not a folder.`);
  const own = contractPackageAt(dir);
  if (own !== undefined) return [own];
  const inside = (await packagesAround(dir)).filter((each) => each.dir.startsWith(dir + sep));
  if (inside.length > 0) return inside;
  throw new PackageProblem(
    `${asGiven} holds no contract package. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.`,
  );
}

async function packagesAround(dir: string): Promise<readonly ContractPackage[]> {
  const { root, globs } = await workspaceAround(dir);
  const folders = [root, ...(await foldersOf(root, globs))];
  return folders.map((folder) => contractPackageAt(folder)).filter((each) => each !== undefined);
}

/** The nearest workspace root above `dir`; the nearest package, when there is no workspace. */
export async function workspaceAround(dir: string): Promise<WorkspaceLayout> {
  let nearestPackage: string | undefined;
  for (const above of upwards(dir)) {
    const pnpm = readText(join(above, "pnpm-workspace.yaml"));
    if (pnpm !== undefined) return { root: above, globs: await pnpmGlobs(pnpm, above) };
    const json = readPackageJson(above);
    if (json === undefined) continue;
    nearestPackage ??= above;
    const { workspaces } = json;
    const globs = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: readonly string[] } | undefined)?.packages;
    if (globs !== undefined) return { root: above, globs };
  }
  return { root: nearestPackage ?? dir, globs: [] };
}

async function pnpmGlobs(text: string, dir: string): Promise<readonly string[]> {
  const { parse } = await import("yaml");
  try {
    const value: unknown = parse(text);
    const globs = typeof value === "object" && value !== null && "packages" in value ? value.packages : [];
    return Array.isArray(globs) ? globs.filter((glob): glob is string => typeof glob === "string") : [];
  } catch (error) {
    throw new PackageProblem(`${join(dir, "pnpm-workspace.yaml")} is not valid YAML: ${(error as Error).message.split("\n")[0]}`);
  }
}

async function foldersOf(root: string, globs: readonly string[]): Promise<readonly string[]> {
  // A plain folder needs no walk over the disk, and most entries are that or `packages/*`.
  const plain = globs.filter((glob) => !/[*?{}[\]!()]/.test(glob));
  const patterns = globs.filter((glob) => !plain.includes(glob));
  const folders = plain.map((glob) => join(root, glob)).filter((dir) => existsSync(join(dir, "package.json")));
  if (patterns.length > 0) {
    const { glob } = await import("tinyglobby");
    const negated = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
    const files = await glob(
      patterns.filter((pattern) => !pattern.startsWith("!")).map((pattern) => `${pattern.replace(/\/$/, "")}/package.json`),
      {
        cwd: root,
        absolute: true,
        ignore: ["**/node_modules/**", ...negated.map((pattern) => `${pattern.replace(/\/$/, "")}/**`)],
      },
    );
    folders.push(...files.map((file) => dirname(resolve(file))));
  }
  return [...new Set(folders)].sort();
}
