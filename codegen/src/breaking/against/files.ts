import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseManifest, type Manifest } from "../../manifest/index.ts";
import { BaselineProblem, type Baseline } from "./baseline.ts";

/** One manifest; it is compared with the contract of the same package, or else of the same name. */
export function manifestBaseline(name: string, older: Manifest): Baseline {
  let isUsed = false;
  return {
    name,
    isWhole: false,
    manifestOf(contract, contractName) {
      const isSame = older.package === contract.name || older.contract === contractName;
      isUsed ||= isSame;
      return Promise.resolve(isSame ? older : undefined);
    },
    others() {
      if (isUsed) return Promise.resolve([]);
      throw new BaselineProblem(
        `${name} is the contract "${older.contract}" of ${older.package}, which isn't among those to compare.`,
      );
    },
  };
}

/** A manifest's file, a package's folder, or a folder in which packages lie as they do in the workspace. */
export function fileBaseline(path: string, asGiven: string, workspace: string): Baseline {
  if (!statSync(path).isDirectory()) return manifestBaseline(asGiven, readManifest(path, asGiven));
  const own = join(path, "contract.json");
  if (isFile(own)) return manifestBaseline(asGiven, readManifest(own, join(asGiven, "contract.json")));
  let found = 0;
  return {
    name: asGiven,
    isWhole: true,
    manifestOf(contract) {
      const inside = join(relative(workspace, contract.dir), "contract.json");
      if (!isFile(join(path, inside))) return Promise.resolve(undefined);
      found += 1;
      return Promise.resolve(readManifest(join(path, inside), join(asGiven, inside)));
    },
    others() {
      if (found > 0) return Promise.resolve([]);
      throw new BaselineProblem(
        `${asGiven} holds no contract.json, neither itself nor where the packages of this workspace lie.`,
      );
    },
  };
}

export function readManifest(file: string, asGiven: string): Manifest {
  return parseManifest(readFileSync(file, "utf8"), asGiven.replaceAll("\\", "/"));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
