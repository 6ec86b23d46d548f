import type { Terminal } from "ligature/cli";
import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { findContractPackages, PackageProblem, readText } from "../workspace/index.ts";
import { ManifestProblem, parseManifest, type Manifest } from "./manifest.ts";
import { readableOf, type Readable } from "./readable.ts";

/**
 * The manifests in the given folders, which may be installed packages without sources; without any, of all contract
 * packages of the workspace.
 * @throws PackageProblem
 * @throws ManifestProblem when none can be read
 */
export async function findManifests(terminal: Terminal, folders: readonly string[]): Promise<Readable<Manifest>> {
  const { cwd } = terminal;
  const files = new Set<string>();
  for (const folder of folders) {
    const file = resolve(cwd, folder, "contract.json");
    if (!existsSync(resolve(cwd, folder))) throw new PackageProblem(`${folder} doesn't exist.`);
    if (!statSync(resolve(cwd, folder)).isDirectory()) throw new PackageProblem(`${folder} is not a folder.`);
    if (existsSync(file)) files.add(file);
    else for (const { dir } of await findContractPackages(cwd, [folder])) files.add(join(dir, "contract.json"));
  }
  if (folders.length === 0) {
    for (const { dir } of await findContractPackages(cwd)) files.add(join(dir, "contract.json"));
  }
  if (files.size === 0) throw new PackageProblem("there is no contract package here; name the folder of one.");
  return readableOf([...files], (file) => manifestAt(file, relative(cwd, file).replaceAll("\\", "/")), terminal);
}

function manifestAt(file: string, shown: string): Manifest {
  const text = readText(file);
  if (text === undefined) throw new ManifestProblem(`${shown} doesn't exist; run ligature gen first.`);
  return parseManifest(text, shown);
}
