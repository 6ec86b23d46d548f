import { readFileSync } from "node:fs";
import { loadCodegen } from "./codegen.ts";
import { gen, genHelp } from "./gen.ts";
import { UsageError, type Terminal } from "./terminal.ts";

/** A subcommand: gets the arguments behind its name, answers with the exit code. */
type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, { readonly run: Command; readonly help: string; readonly summary: string }>> = {
  gen: { run: gen, help: genHelp, summary: "write the typed stubs and the manifest of contract packages" },
};

/** Commands that @ligature/codegen brings, which is loaded only when one of them is called. */
const ofCodegen: Readonly<Record<string, string>> = {
  asyncapi: "write contracts as an AsyncAPI document",
  breaking: "say what a change of a contract breaks, against an older version of it",
  docs: "write a catalogue of all tasks, queues and errors, as Markdown and HTML",
  lint: "look at contracts for what will hurt later",
  new: "make a contract package that compiles and generates as it is",
  python: "write typed Python modules of contracts, for Celery services",
  usage: "list which tasks a repository calls, links and handles, and where",
};

/**
 * The `ligature` command. Exit codes: 0 done, 1 what was asked for failed (a contract has a mistake, generated
 * files are stale), 2 the command itself was wrong.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...others] = args;
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      const topic = name === "help" ? await find(others[0] ?? "", terminal) : undefined;
      terminal.out(topic?.help ?? help());
      return name === undefined ? 2 : 0;
    }
    if (name === "--version" || name === "-v") {
      terminal.out(version());
      return 0;
    }
    const command = await find(name, terminal);
    if (command === undefined) {
      const what = name.startsWith("-") ? "option" : "command";
      const names = [...Object.keys(commands), ...Object.keys(ofCodegen)];
      throw new UsageError(`unknown ${what} "${name}". Commands: ${names.join(", ")}. See ligature --help.`);
    }
    if (others.includes("--help") || others.includes("-h")) {
      terminal.out(command.help);
      return 0;
    }
    return await command.run(others, terminal);
  } catch (error) {
    // By name: codegen has a class of its own.
    if (!(error instanceof Error) || error.name !== "UsageError") throw error;
    terminal.err(`ligature: ${error.message}`);
    return 2;
  }
}

async function find(name: string, terminal: Terminal): Promise<{ readonly run: Command; readonly help: string } | undefined> {
  if (Object.hasOwn(commands, name)) return commands[name];
  if (!Object.hasOwn(ofCodegen, name)) return undefined;
  const command = (await loadCodegen(terminal.cwd)).commands[name];
  if (command === undefined) throw new UsageError(`the installed @ligature/codegen has no command "${name}"; update it.`);
  return { run: (args, at) => command.run(args, at), help: command.help };
}

function help(): string {
  const summaries = {
    ...Object.fromEntries(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    ...ofCodegen,
  };
  const list = Object.entries(summaries).map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`);
  return [
    "Usage: ligature <command> [options]",
    "",
    ...list,
    "",
    "  --help     what a command takes: ligature gen --help",
    "  --version",
  ].join("\n");
}

function version(): string {
  const json = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return json.version;
}
