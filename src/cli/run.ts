import { UsageError, type Command, type CommandGroup, type Terminal } from "./command.ts";
import { completeCommand, suggest } from "./completion.ts";
import { commandsOf, contributors } from "./contributors.ts";
import { ownVersion } from "./own-version.ts";
import { programOf } from "./program.ts";
import { workerCommand } from "./worker/index.ts";

/** Commands of this package. */
const ownCommands: readonly Command[] = [completeCommand, workerCommand];

/**
 * The `ligature` command. Exit codes: 0 done, 1 what was asked for failed (a contract has a mistake, generated
 * files are stale), 2 the command itself was wrong.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await runOf(await rootOf(args, terminal.cwd), args, terminal);
  } catch (error) {
    if (!UsageError.is(error)) throw error;
    terminal.err(`ligature: ${error.message}`);
    return 2;
  }
}

/** Runs one of the commands of a root. */
export async function runOf(root: CommandGroup, args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, second] = args;
  if (first === completeCommand.name && second === "--") {
    await suggest(root, args.slice(2));
    return 0;
  }
  const parsed = programOf(root, terminal, ownVersion());
  if (first === undefined) {
    parsed.program.outputHelp();
    return 2;
  }
  return parsed.run(args);
}

/** All commands; those of other packages unless the arguments name one of our own. */
async function rootOf(args: readonly string[], cwd: string): Promise<CommandGroup> {
  const name = args.find((arg) => !arg.startsWith("-")) ?? "";
  const isCompletion = name === completeCommand.name && args[1] === "--";
  const isOwn = !isCompletion && ownCommands.some((command) => command.name === name);
  const wanted = name === "help" ? (args[args.indexOf(name) + 1] ?? "") : name;
  const commands: Command[] = [...ownCommands];
  const missing: string[] = [];
  for (const contributor of isOwn || isVersion(args) ? [] : contributors) {
    const { package: from, commands: names, install } = contributor;
    const contributed = await commandsOf(contributor, cwd, args);
    if (contributed !== undefined) {
      commands.push(...contributed);
      continue;
    }
    const absent = `${from}, which isn't installed here. Install it: ${install}`;
    if (names.includes(wanted)) throw new UsageError(`"${wanted}" needs ${absent}`);
    missing.push(`${names.join(", ")} ${names.length === 1 ? "is a command" : "are commands"} of ${absent}`);
  }
  return {
    name: "ligature",
    summary: "work with contracts",
    description: ["Type-safe distributed tasks: the commands.", ...missing].join("\n\n"),
    commands: commands.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function isVersion([first]: readonly string[]): boolean {
  return first === "--version" || first === "-v";
}
