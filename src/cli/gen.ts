import { relative } from "node:path";
import { parseArgs } from "node:util";
import { loadCodegen, type Codegen, type GenResult } from "./codegen.ts";
import { UsageError, type Terminal } from "./terminal.ts";

export const genHelp: string = `Usage: ligature gen [folder…] [options]

Writes generated/ and contract.json of every contract package in the workspace around the current folder,
or only of those in the given folders. A contract package's package.json says:

  "ligature": { "contract": "./src/contract.ts" }

  --check     write nothing; exit with 1 and show the differences when files are not as they should be
  --watch     generate again whenever a contract changes, until Ctrl+C
  --force     also generate what seems unchanged
  --verbose   show the stack of what a contract threw`;

interface GenArguments {
  readonly dirs: readonly string[];
  readonly check: boolean;
  readonly watch: boolean;
  readonly force: boolean;
  readonly verbose: boolean;
}

export async function gen(args: readonly string[], terminal: Terminal): Promise<number> {
  const { verbose, watch, ...options } = parse(args);
  const codegen = await loadCodegen(terminal.cwd);
  if (watch) return watchUntilInterrupted(codegen, { cwd: terminal.cwd, ...options }, terminal, verbose);
  const started = performance.now();
  const results = await misuseOf(() => codegen.gen({ cwd: terminal.cwd, ...options }));
  if (results.length === 0) {
    throw new UsageError(
      'there is no contract package here. Its package.json needs "ligature": { "contract": "./src/contract.ts" }.',
    );
  }
  for (const result of results) report(result, codegen, terminal, verbose);
  const failed = results.filter(({ status }) => status === "failed").length;
  const stale = results.filter(({ status }) => status === "stale").length;
  if (stale > 0) terminal.err("Generated files are not as they should be. Run: ligature gen");
  if (failed === 0 && stale === 0) {
    const took = Math.max(1, Math.round(performance.now() - started));
    terminal.out(`${results.length} contract package${results.length === 1 ? "" : "s"} in ${took} ms`);
    return 0;
  }
  return 1;
}

function parse(args: readonly string[]): GenArguments {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean" },
        watch: { type: "boolean" },
        force: { type: "boolean" },
        verbose: { type: "boolean" },
      },
    });
  } catch (error) {
    // parseArgs explains at length what `--` is for; the first sentence says what is wrong.
    const [first = "wrong arguments"] = (error as Error).message.split(". ");
    throw new UsageError(`${first.replace(/\.$/, "")}. See ligature gen --help.`);
  }
  const { check = false, watch = false, force = false, verbose = false } = parsed.values;
  if (check && watch) throw new UsageError("--check writes nothing and --watch does: give one of them. See ligature gen --help.");
  return { dirs: parsed.positionals, check, watch, force, verbose };
}

/** Runs until SIGINT or SIGTERM, and then ends as if all was done: it is. */
async function watchUntilInterrupted(
  codegen: Codegen,
  options: Parameters<Codegen["gen"]>[0],
  terminal: Terminal,
  verbose: boolean,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupt);
  try {
    await misuseOf(() =>
      codegen.watch({
        ...options,
        signal: interruption.signal,
        onProblem: (message) => terminal.err(`ligature: ${message}`),
        onRound({ results, packages, first, took }) {
          for (const result of results) report(result, codegen, terminal, verbose);
          const count = `${packages} contract package${packages === 1 ? "" : "s"}`;
          terminal.out(first ? `Watching ${count}; Ctrl+C ends it.` : `Done in ${Math.max(1, Math.round(took))} ms.`);
        },
      }),
    );
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
  return 0;
}

/** @throws UsageError for what the user has set up wrongly */
async function misuseOf<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Error && error.name === "PackageProblem") throw new UsageError(error.message);
    throw error;
  }
}

function report(result: GenResult, codegen: Codegen, terminal: Terminal, verbose: boolean): void {
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
        terminal.err(codegen.formatDiagnostic({ ...diagnostic, file }));
      }
      if (verbose && result.cause instanceof Error) terminal.err(result.cause.stack ?? String(result.cause));
  }
}
