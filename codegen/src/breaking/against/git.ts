import { join, posix, relative } from "node:path";
import { parseManifest, type Manifest } from "../../manifest/index.ts";
import { contractPackageAt, type ContractPackage } from "../../workspace/index.ts";
import { BaselineProblem, type Baseline } from "./baseline.ts";
import { lastLine, run } from "./run-program.ts";

/** The commit that a name stands for in the repository around `cwd`; undefined when there is neither. */
export async function commitOf(ref: string, cwd: string): Promise<string | undefined> {
  const { out } = await run("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], cwd);
  return out?.trim();
}

/** The manifests of a commit. */
export async function gitBaseline(
  ref: string,
  commit: string,
  cwd: string,
  present: readonly ContractPackage[],
): Promise<Baseline> {
  const root = await repositoryOf(cwd);
  const files = await manifestFiles(commit, root);
  const name = `git ${ref} (${commit.slice(0, 7)})`;
  const used = new Set<string>();
  const read = async (path: string): Promise<Manifest> => parseManifest(await show(commit, path, root), `${path} of ${name}`);
  return {
    name,
    isWhole: true,
    async manifestOf(contract) {
      const path = posix.join(relative(root, contract.dir).replaceAll("\\", "/"), "contract.json");
      const same = files.includes(path) ? path : await movedFrom(contract.name);
      if (same === undefined) return undefined;
      used.add(same);
      return read(same);
    },
    async others() {
      const gone: Manifest[] = [];
      for (const path of files) {
        const dir = join(root, posix.dirname(path));
        // Test data and packages of another workspace are still there, and none of the caller's packages.
        if (
          used.has(path) ||
          present.some((each) => each.dir === dir) ||
          (await contractNameAt(commit, path, root)) === undefined
        )
          continue;
        if (contractPackageAt(dir) !== undefined) continue;
        gone.push(await read(path));
      }
      return gone;
    },
  };

  /** The same package, where it was in another folder. */
  async function movedFrom(packageName: string): Promise<string | undefined> {
    for (const path of files) {
      if (present.some((each) => each.dir === join(root, posix.dirname(path)))) continue;
      if ((await contractNameAt(commit, path, root)) === packageName) return path;
    }
    return undefined;
  }
}

async function repositoryOf(cwd: string): Promise<string> {
  const { out, err } = await run("git", ["rev-parse", "--show-toplevel"], cwd);
  if (out === undefined) throw new BaselineProblem(`git: ${lastLine(err)}`);
  return out.trim();
}

async function manifestFiles(commit: string, root: string): Promise<readonly string[]> {
  const { out, err } = await run("git", ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit], root);
  if (out === undefined) throw new BaselineProblem(`git ls-tree: ${lastLine(err)}`);
  return out.split("\0").filter((path) => posix.basename(path) === "contract.json" && !path.includes("node_modules/"));
}

async function show(commit: string, path: string, root: string): Promise<string> {
  const { out, err } = await run("git", ["show", `${commit}:${path}`], root);
  if (out === undefined) throw new BaselineProblem(`git show: ${lastLine(err)}`);
  return out;
}

/** The package's name beside a manifest, if it is that of a contract package. */
async function contractNameAt(commit: string, manifest: string, root: string): Promise<string | undefined> {
  const { out } = await run("git", ["show", `${commit}:${posix.join(posix.dirname(manifest), "package.json")}`], root);
  try {
    const json = JSON.parse(out ?? "") as { readonly name?: string; readonly ligature?: { readonly contract?: string } };
    return json.ligature?.contract === undefined ? undefined : json.name;
  } catch {
    return undefined;
  }
}
