import { readFileSync } from "node:fs";
import { gen, genHelp } from "./gen.ts";
import { UsageError, type Terminal } from "./terminal.ts";

/** A subcommand: gets the arguments behind its name, answers with the exit code. */
type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, { readonly run: Command; readonly help: string; readonly summary: string }>> = {
  gen: { run: gen, help: genHelp, summary: "write the typed stubs and the manifest of contract packages" },
};

/**
 * The `ligature` command. Exit codes: 0 done, 1 what was asked for failed (a contract has a mistake, generated
 * files are stale), 2 the command itself was wrong.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...others] = args;
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      const topic = name === "help" ? commands[others[0] ?? ""] : undefined;
      terminal.out(topic?.help ?? help());
      return name === undefined ? 2 : 0;
    }
    if (name === "--version" || name === "-v") {
      terminal.out(version());
      return 0;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      const what = name.startsWith("-") ? "option" : "command";
      throw new UsageError(`unknown ${what} "${name}". Commands: ${Object.keys(commands).join(", ")}. See ligature --help.`);
    }
    if (others.includes("--help") || others.includes("-h")) {
      terminal.out(command.help);
      return 0;
    }
    return await command.run(others, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`ligature: ${error.message}`);
    return 2;
  }
}

function help(): string {
  const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
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
