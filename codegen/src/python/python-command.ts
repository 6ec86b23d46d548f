import { join, resolve } from "node:path";
import type { GeneratedFile } from "../write/index.ts";
import { generator } from "../version.ts";
import { parseArguments } from "../commands/arguments.ts";
import { UsageError, type Command, type Terminal } from "../commands/command.ts";

const help = `Usage: ligature python [folder…] --out <folder> [options]

Writes a Python package for a Celery service: one typed module per contract, from its contract.json.

  folder          contract packages, also installed ones: node_modules/@acme/billing
                  (default: all of the workspace around the current folder)
  --out <folder>  where to write; modules there that an earlier run wrote and this one doesn't are deleted
  --check         write nothing; exit with 1 and show the differences when files are not as they should be`;

export const pythonCommand: Command = {
  help,
  async run(args, terminal) {
    const { out, check, folders } = parse(args);
    const [{ pythonPackage }, { findManifests }, write] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../write/index.ts"),
    ]);
    const dir = resolve(terminal.cwd, out);
    const files = await usageErrors(async () => {
      const manifests = await findManifests(terminal.cwd, folders);
      if (manifests.length === 0) throw new UsageError("there is no contract package here; name the folder of one.");
      return pythonPackage(manifests, generator);
    });
    // A package's own __init__.py says more than ours.
    const wanted = files.filter(({ path }) => path !== "__init__.py" || write.isOursOrMissing(join(dir, path)));
    if (!check) {
      const changed = [...write.writeChanged(dir, wanted), ...write.deleteStale(dir, files, ".")];
      terminal.out(changed.length === 0 ? `${out}  unchanged` : `${out}  wrote ${changed.join(", ")}`);
      return 0;
    }
    return report(dir, wanted, out, terminal);
  },
};

async function report(dir: string, files: readonly GeneratedFile[], out: string, terminal: Terminal): Promise<number> {
  const { changedFiles, differences, staleFiles } = await import("../write/index.ts");
  const changed = changedFiles(dir, files);
  const stale = staleFiles(dir, files, ".");
  if (changed.length === 0 && stale.length === 0) {
    terminal.out(`${out}  unchanged`);
    return 0;
  }
  const paths = [...changed.map(({ path }) => path), ...stale];
  terminal.err(`${out}  stale: ${paths.join(", ")}\n${await differences(dir, changed, stale)}`);
  terminal.err("Generated files are not as they should be. Run: ligature python");
  return 1;
}

interface PythonArguments {
  readonly out: string;
  readonly check: boolean;
  readonly folders: readonly string[];
}

function parse(args: readonly string[]): PythonArguments {
  const { values, positionals } = parseArguments("python", args, { out: { type: "string" }, check: { type: "boolean" } });
  const { out, check = false } = values;
  if (out === undefined || out === "") {
    throw new UsageError("say where to write: ligature python --out <folder>. See ligature python --help.");
  }
  return { out, check, folders: positionals };
}

/** Whatever is wrong with the packages, as the one line that it is. */
async function usageErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const names = ["PackageProblem", "ManifestProblem", "ModuleClash"];
    if (error instanceof Error && names.includes(error.name)) throw new UsageError(error.message);
    throw error;
  }
}
