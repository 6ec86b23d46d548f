import { join, resolve } from "node:path";
import { defineCommand, UsageError, type Command, type Terminal } from "ligature/cli";
import type { UsageReport } from "../usage/index.ts";
import { generator } from "../version.ts";
import type { GeneratedFile } from "../write/index.ts";

export const docsCommand: Command = defineCommand({
  name: "docs",
  summary: "write a catalogue of all tasks, queues and errors, as Markdown and HTML",
  description: `Writes a catalogue of all tasks, queues and errors, from the contract.json of contract packages: Markdown (README.md
and a page per contract), and one HTML page that needs nothing else (index.html).`,
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
      description: "where to write; pages there that an earlier run wrote and this one doesn't are deleted",
    },
    usage: {
      type: "list",
      value: "file",
      description: "what ligature usage has printed of a repository: who calls, serves and links what",
    },
    title: { type: "text", value: "text", description: "the catalogue's title", default: "Tasks" },
    check: {
      type: "switch",
      description: "write nothing; exit with 1 and show the differences when files are not as they should be",
    },
  },
  async run({ arguments: folders, options: { out, usage, title, check } }, terminal) {
    if (out === undefined || out === "") {
      throw new UsageError("say where to write: ligature docs --out <folder>. See ligature docs --help.");
    }
    const [{ catalogueFiles }, { findManifests }, write] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../write/index.ts"),
    ]);
    const dir = resolve(terminal.cwd, out);
    const { found, leftOut, code } = await findManifests(terminal, folders);
    const files = catalogueFiles(found, await readReports(usage, terminal.cwd), { title, generator });
    const foreign = files.find(({ path }) => !write.isOursOrMissing(join(dir, path)));
    if (foreign !== undefined) {
      throw new UsageError(
        `${out}/${foreign.path} exists and ligature docs hasn't written it; choose another folder with --out.`,
      );
    }
    // Other commands may write into the same folder; and what was left out may have written what nobody wants now.
    const stale = leftOut > 0 ? [] : write.staleFiles(dir, files, ".").filter((path) => /\.(md|html)$/.test(path));
    if (check) return Math.max(code, await report(dir, files, stale, out, terminal));
    const all = [...write.writeChanged(dir, files), ...write.deleteFiles(dir, stale)];
    terminal.out(all.length === 0 ? `${out}  unchanged` : `${out}  wrote ${all.join(", ")}`);
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
  terminal.err("The catalogue is not as it should be. Run: ligature docs");
  return 1;
}

async function readReports(files: readonly string[], cwd: string): Promise<readonly UsageReport[]> {
  const [{ parseUsage }, { readText }] = await Promise.all([import("../usage/index.ts"), import("../workspace/index.ts")]);
  return files.map((file) => {
    const text = readText(resolve(cwd, file));
    if (text === undefined) throw new UsageError(`${file} can't be read; write it with: ligature usage > ${file}`);
    return parseUsage(text, file);
  });
}
