import { join, resolve } from "node:path";
import { defineCommand, UsageError, type Command, type Terminal } from "ligature/cli";
import { generator } from "../version.ts";
import type { GeneratedFile } from "../write/index.ts";

export const pythonCommand: Command = defineCommand({
  name: "python",
  summary: "write typed Python modules of contracts, for Celery services",
  description: "Writes a Python package for a Celery service: one typed module per contract, from its contract.json.",
  arguments: [
    {
      name: "folder",
      description: "contract packages, also installed ones: node_modules/@acme/billing (default: all of the workspace)",
      many: true,
    },
  ],
  options: {
    out: {
      type: "text",
      value: "folder",
      description: "where to write; modules there that an earlier run wrote and this one doesn't are deleted",
    },
    check: {
      type: "switch",
      description: "write nothing; exit with 1 and show the differences when files are not as they should be",
    },
  },
  async run({ arguments: folders, options: { out, check } }, terminal) {
    if (out === undefined || out === "") {
      throw new UsageError("say where to write: ligature python --out <folder>. See ligature python --help.");
    }
    const [{ pythonPackage }, { findManifests }, write] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../write/index.ts"),
    ]);
    const dir = resolve(terminal.cwd, out);
    const { found, leftOut, code } = await findManifests(terminal, folders);
    const files = pythonPackage(found, generator);
    // A package's own __init__.py says more than ours.
    const wanted = files.filter(({ path }) => path !== "__init__.py" || write.isOursOrMissing(join(dir, path)));
    // What was left out may have written what nobody wants now.
    const stale = leftOut > 0 ? [] : write.staleFiles(dir, wanted, ".");
    if (check) return Math.max(code, await report(dir, wanted, stale, out, terminal));
    const changed = [...write.writeChanged(dir, wanted), ...write.deleteFiles(dir, stale)];
    terminal.out(changed.length === 0 ? `${out}  unchanged` : `${out}  wrote ${changed.join(", ")}`);
    return code;
  },
});

async function report(
  dir: string,
  files: readonly GeneratedFile[],
  stale: readonly string[],
  out: string,
  terminal: Terminal,
): Promise<number> {
  const { changedFiles, differences } = await import("../write/index.ts");
  const changed = changedFiles(dir, files);
  if (changed.length === 0 && stale.length === 0) {
    terminal.out(`${out}  unchanged`);
    return 0;
  }
  const paths = [...changed.map(({ path }) => path), ...stale];
  terminal.err(`${out}  stale: ${paths.join(", ")}\n${await differences(dir, changed, stale)}`);
  terminal.err("Generated files are not as they should be. Run: ligature python");
  return 1;
}
