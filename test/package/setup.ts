import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { findPnpm } from "../../scripts/lib/pnpm.mjs";
import { run } from "./run.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Files made by `pnpm pack`, by the package's name. */
    readonly tarballs: Readonly<Record<string, string>>;
    /** The folder of a repo that has nothing to do with this workspace and has installed them. */
    readonly otherRepo: string;
    /** The folder of one that has installed a contract package with what that needs, and nothing else. */
    readonly contractRepo: string;
    /** `tsc` of every TypeScript that the published declarations must compile with, by name. */
    readonly compilers: Readonly<Record<string, string>>;
  }
}

const root = join(import.meta.dirname, "..", "..");

/** The folders of the packages that are published, or would be. */
const packages = ["src", "codegen", "monitor", "packages/processing", "packages/catalog", "packages/notifications"];

/** The oldest and the newest of each line; the first compiles what is run. */
const compilers = ["typescript", "typescript-6.0", "typescript-5.4"];

function tscOf(name: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "bin", "tsc");
}

/** Packs every package and installs the tarballs with npm, as another team would. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ligature-package-")));
  const tarballs: Record<string, string> = {};
  const pnpm = await findPnpm();
  for (const name of packages) {
    const args = [...pnpm.args, "pack", "--json", "--pack-destination", join(folder, "tarballs")];
    const packed: unknown = JSON.parse(await run(pnpm.command, args, join(root, name)));
    const { name: packageName, filename } = packed as { name: string; filename: string };
    tarballs[packageName] = filename;
  }
  project.provide("tarballs", tarballs);
  project.provide("otherRepo", await createOtherRepo(join(folder, "other-repo"), tarballs));
  project.provide("contractRepo", await createContractRepo(join(folder, "contract-repo"), tarballs));
  project.provide("compilers", Object.fromEntries(compilers.map((name) => [name, tscOf(name)])));
  return () => rm(folder, { recursive: true, force: true });
}

async function createOtherRepo(folder: string, tarballs: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder);
  await cp(join(import.meta.dirname, "other-repo"), folder, { recursive: true });
  const ours = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
  const manifest = {
    name: "other-repo",
    private: true,
    type: "module",
    ligature: { contract: "./src/contract.ts" },
    dependencies: { ...ours, zod: await catalogVersion("zod") },
    devDependencies: { "@types/node": await catalogVersion("@types/node") },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  await install(folder);
  return folder;
}

async function createContractRepo(folder: string, tarballs: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder);
  const dependencies = Object.fromEntries(["ligature", "@example/processing"].map((name) => [name, `file:${tarballs[name]}`]));
  const manifest = { name: "contract-repo", private: true, type: "module", dependencies };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  await install(folder);
  return folder;
}

async function install(folder: string): Promise<void> {
  await run("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
}

/** The version that the workspace uses, so that nothing else is fetched. */
async function catalogVersion(name: string): Promise<string> {
  const workspace = await readFile(join(root, "pnpm-workspace.yaml"), "utf8");
  const version = new RegExp(`^  "?${name}"?: (\\S+)$`, "m").exec(workspace)?.[1];
  if (version === undefined) throw new Error(`pnpm-workspace.yaml has no version of ${name} in its catalog.`);
  return version;
}
