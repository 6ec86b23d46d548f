import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { GeneratedFile } from "../write/index.ts";
import type { UsageReport } from "../usage/index.ts";
import { generator } from "../version.ts";
import { parseArguments } from "../commands/arguments.ts";
import { UsageError, type Command, type Terminal } from "../commands/command.ts";

const help = `Usage: ligature docs [folder…] --out <folder> [options]

Writes a catalogue of all tasks, queues and errors, from the contract.json of contract packages: Markdown (README.md and
a page per contract), and one HTML page that needs nothing else (index.html).

  folder          contract packages, also installed ones: node_modules/@acme/billing
                  (default: all of the workspace around the current folder)
  --out <folder>  where to write; pages there that an earlier run wrote and this one doesn't are deleted
  --usage <file>  what ligature usage has printed of a repository: who calls, serves and links what; may be repeated
  --title <text>  the catalogue's title (default: Tasks)
  --check         write nothing; exit with 1 and show the differences when files are not as they should be`;

export const docsCommand: Command = {
  help,
  async run(args, terminal) {
    const { out, usage, title, check, folders } = parse(args);
    const [{ catalogueFiles }, { findManifests }, write] = await Promise.all([
      import("./index.ts"),
      import("../manifest/index.ts"),
      import("../write/index.ts"),
    ]);
    const dir = resolve(terminal.cwd, out);
    const files = await usageErrors(async () => {
      const manifests = await findManifests(terminal.cwd, folders);
      if (manifests.length === 0) throw new UsageError("there is no contract package here; name the folder of one.");
      return catalogueFiles(manifests, await readReports(usage, terminal.cwd), { title, generator });
    });
    const foreign = files.find(({ path }) => !write.isOursOrMissing(join(dir, path)));
    if (foreign !== undefined) {
      throw new UsageError(
        `${out}/${foreign.path} exists and ligature docs hasn't written it; choose another folder with --out.`,
      );
    }
    // Other commands may write into the same folder.
    const stale = write.staleFiles(dir, files, ".").filter((path) => /\.(md|html)$/.test(path));
    if (check) return report(dir, files, stale, out, terminal);
    const changed = write.writeChanged(dir, files);
    for (const path of stale) rmSync(join(dir, path), { force: true });
    const all = [...changed, ...stale];
    terminal.out(all.length === 0 ? `${out}  unchanged` : `${out}  wrote ${all.join(", ")}`);
    return 0;
  },
};

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

interface DocsArguments {
  readonly out: string;
  readonly usage: readonly string[];
  readonly title: string;
  readonly check: boolean;
  readonly folders: readonly string[];
}

function parse(args: readonly string[]): DocsArguments {
  const { values, positionals } = parseArguments("docs", args, {
    out: { type: "string" },
    usage: { type: "string", multiple: true },
    title: { type: "string" },
    check: { type: "boolean" },
  });
  const { out, usage = [], title = "Tasks", check = false } = values;
  if (out === undefined || out === "") {
    throw new UsageError("say where to write: ligature docs --out <folder>. See ligature docs --help.");
  }
  return { out, usage, title, check, folders: positionals };
}

async function readReports(files: readonly string[], cwd: string): Promise<readonly UsageReport[]> {
  const [{ parseUsage }, { readText }] = await Promise.all([import("../usage/index.ts"), import("../workspace/index.ts")]);
  return files.map((file) => {
    const text = readText(resolve(cwd, file));
    if (text === undefined) throw new UsageError(`${file} can't be read; write it with: ligature usage > ${file}`);
    return parseUsage(text, file);
  });
}

/** Whatever is wrong with what is read, as the one line that it is. */
async function usageErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const names = ["PackageProblem", "ManifestProblem", "UsageProblem"];
    if (error instanceof Error && names.includes(error.name)) throw new UsageError(error.message);
    throw error;
  }
}
