import { relative } from "node:path";
import { defineCommand, UsageError, type Command, type Terminal } from "ligature/cli";
import { formatDiagnostic } from "../diagnostic.ts";
import type { GenOptions, GenResult } from "../gen/index.ts";

export const genCommand: Command = defineCommand({
  name: "gen",
  summary: "write the typed stubs and the manifest of contract packages",
  description: `Writes generated/ and contract.json of every contract package in the workspace around the current folder,
or only of those in the given folders. A contract package's package.json says:

  "ligature": { "contract": "./src/contract.ts" }`,
  arguments: [{ name: "folder", description: "contract packages, or folders that hold some (default: all)", many: true }],
  options: {
    check: {
      type: "switch",
      description: "write nothing; exit with 1 and show the differences when files are not as they should be",
    },
    watch: { type: "switch", description: "generate again whenever a contract changes, until Ctrl+C" },
    force: { type: "switch", description: "also generate what seems unchanged" },
    verbose: { type: "switch", description: "show the stack of what a contract threw" },
  },
  async run({ arguments: dirs, options: { check, watch, force, verbose } }, terminal) {
    if (check && watch) {
      throw new UsageError("--check writes nothing and --watch does: give one of them. See ligature gen --help.");
    }
    const options = { cwd: terminal.cwd, dirs, force };
    return watch ? generateUntilStopped(options, terminal, verbose) : generateOnce({ ...options, check }, terminal, verbose);
  },
});

async function generateOnce(options: GenOptions, terminal: Terminal, verbose: boolean): Promise<number> {
  const { gen } = await import("../gen/index.ts");
  const started = performance.now();
  const results = await gen(options);
  if (results.length === 0) {
    throw new UsageError(
      'there is no contract package here. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.',
    );
  }
  for (const result of results) report(result, terminal, verbose);
  const failed = results.filter(({ status }) => status === "failed").length;
  const stale = results.filter(({ status }) => status === "stale").length;
  if (stale > 0) terminal.err("Generated files are not as they should be. Run: ligature gen");
  if (failed > 0 || stale > 0) return 1;
  terminal.out(`${packages(results.length)} in ${milliseconds(performance.now() - started)}`);
  return 0;
}

/** Runs until it is stopped, and then ends as if all was done: it is. */
async function generateUntilStopped(
  options: Required<Pick<GenOptions, "cwd" | "dirs" | "force">>,
  terminal: Terminal,
  verbose: boolean,
): Promise<number> {
  const { watch } = await import("../watch/index.ts");
  await watch({
    ...options,
    signal: terminal.stopSignal(),
    onProblem: (message) => terminal.err(`ligature: ${message}`),
    onRound({ results, packages: count, first, took }) {
      for (const result of results) report(result, terminal, verbose);
      terminal.out(first ? `Watching ${packages(count)}; Ctrl+C ends it.` : `Done in ${milliseconds(took)}.`);
    },
  });
  return 0;
}

function report(result: GenResult, terminal: Terminal, verbose: boolean): void {
  const folder = relative(terminal.cwd, result.dir).replaceAll("\\", "/");
  const shown = folder === "" ? "." : folder;
  switch (result.status) {
    case "unchanged":
      return terminal.out(`${shown}  unchanged`);
    case "written":
      return terminal.out(`${shown}  wrote ${result.files.join(", ")}`);
    case "stale":
      return terminal.err(`${shown}  stale: ${result.files.join(", ")}\n${result.diff ?? ""}`);
    case "failed":
      for (const diagnostic of result.diagnostics ?? []) {
        // Relative to the current folder: editors and terminals make a link of it.
        const file = folder === "" ? diagnostic.file : `${folder}/${diagnostic.file}`;
        terminal.err(formatDiagnostic({ ...diagnostic, file }));
      }
      if (verbose && result.cause instanceof Error) terminal.err(result.cause.stack ?? String(result.cause));
  }
}

function packages(count: number): string {
  return `${count} contract package${count === 1 ? "" : "s"}`;
}

function milliseconds(took: number): string {
  return `${Math.max(1, Math.round(took))} ms`;
}
