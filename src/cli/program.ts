import { Argument, CommanderError, Command as Program, Option } from "commander";
import { UsageError, type Command, type CommandGroup, type Options, type RunnableCommand, type Terminal } from "./command.ts";

/** A program that parses arguments, and what it takes to run it. */
export interface ParsedProgram {
  readonly program: Program;
  /** Runs what the arguments say; returns the exit code. @throws UsageError */
  run(args: readonly string[]): Promise<number>;
}

/** Makes commander's program of our commands. `terminal` gets its help; without a command it prints that, too. */
export function programOf(root: CommandGroup, terminal: Terminal, version: string): ParsedProgram {
  const call: Call = { terminal, code: 0 };
  const program = new Program(root.name);
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(withoutLastBreak(text)),
      // Nothing but the help of a group that was called without a command; mistakes are thrown.
      writeErr: (text) => terminal.err(withoutLastBreak(text)),
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(process.stdout.columns ?? helpWidth, helpWidth),
      getErrHelpWidth: () => Math.min(process.stderr.columns ?? helpWidth, helpWidth),
    })
    // What follows a command is the command's: `asyncapi --version` isn't ours.
    .enablePositionalOptions()
    .helpOption("-h, --help", "show this help, or a command's: ligature gen --help")
    .helpCommand("help [command]", "show the help of a command")
    .version(version, "-v, --version", "print the version");
  fill(program, root, [], call);
  return {
    program,
    async run(args) {
      try {
        await program.parseAsync([...args], { from: "user" });
        return call.code;
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0) return 0;
        // The help was shown, since a group needs one of its commands.
        if (error.code === "commander.help") return 2;
        throw new UsageError(sentenceOf(error, call.current ?? program));
      }
    },
  };
}

const helpWidth = 120;

interface Call {
  readonly terminal: Terminal;
  code: number;
  /** The command whose arguments are being parsed. */
  current?: Program;
}

/** A group's options and how to find out what was given for them before the name of its command. */
interface Shared {
  readonly program: Program;
  readonly options: Options;
}

function add(parent: Program, command: Command, shared: readonly Shared[], call: Call): void {
  const program = parent
    .command(command.name)
    .summary(command.summary)
    .description(command.description ?? command.summary);
  program.helpOption("-h, --help", "show this help");
  if ("commands" in command) fill(program, command, shared, call);
  else fillRunnable(program, command, shared, call);
}

function fill(program: Program, group: CommandGroup, shared: readonly Shared[], call: Call): void {
  const { options = {}, commands, description } = group;
  if (description !== undefined) program.description(description);
  program.usage("<command> [options]").configureHelp({ subcommandTerm: (each) => each.name() });
  program.hook("preSubcommand", (_, next) => void (call.current = next));
  for (const option of optionsOf(options)) program.addOption(option);
  for (const command of commands) add(program, command, [...shared, { program, options }], call);
}

function fillRunnable(program: Program, command: RunnableCommand, shared: readonly Shared[], call: Call): void {
  const own = command.options ?? {};
  const all: Options = Object.assign({}, ...shared.map(({ options }) => options), own);
  for (const { name, description, required = false, many = false } of command.arguments ?? []) {
    const place = many ? `${name}...` : name;
    program.addArgument(new Argument(required ? `<${place}>` : `[${place}]`, description));
  }
  for (const option of optionsOf(all)) program.addOption(option);
  if (command.notes !== undefined) program.addHelpText("after", `\n${command.notes}`);
  program.allowExcessArguments(false).action(async () => {
    const given = program.processedArgs.flat().filter((value): value is string => typeof value === "string");
    const values = Object.entries(all).map(([name, option]) => {
      // The command's own word counts before the group's.
      const places = [program, ...shared.filter(({ options }) => Object.hasOwn(options, name)).map((each) => each.program)];
      const value: unknown = places.map((place) => place.getOptionValue(keyOf(name))).find((each) => each !== undefined);
      return [name, value ?? defaultOf(option)] as const;
    });
    call.code = await command.run({ arguments: given, options: Object.fromEntries(values) as never }, call.terminal);
  });
}

function optionsOf(options: Options): readonly Option[] {
  return Object.entries(options).map(([name, option]) => {
    const short = option.short === undefined ? "" : `-${option.short}, `;
    const flags = `${short}--${name}${option.type === "switch" ? "" : ` <${option.value}>`}`;
    const made = new Option(flags, describe(option));
    if (option.type === "switch") return made;
    const choices = option.type === "text" ? option.choices : undefined;
    if (choices !== undefined) made.choices(choices);
    // After `choices()`, which has a parser of its own.
    return made.argParser((value: string, previous: unknown): unknown => {
      if (value.startsWith("--")) throw new UsageError(`--${name} needs a <${option.value}>, and "${value}" is an option.`);
      if (choices !== undefined && !choices.includes(value)) {
        throw new UsageError(`--${name} must be ${oneOf(choices)}, got "${value}".`);
      }
      return option.type === "list" ? [...((previous as readonly string[] | undefined) ?? []), value] : value;
    });
  });
}

function describe(option: Options[string]): string {
  if (option.type === "list") return `${option.description}; may be repeated`;
  if (option.type === "text" && option.default !== undefined) return `${option.description} (default: ${option.default})`;
  return option.description;
}

function defaultOf(option: Options[string]): unknown {
  if (option.type === "switch") return false;
  return option.type === "list" ? [] : option.default;
}

/** As commander calls an option's value. */
function keyOf(name: string): string {
  return new Option(`--${name}`).attributeName();
}

function oneOf(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join() : `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
}

/** `error: unknown option '--wacth'\n(Did you mean --watch?)` as our other mistakes are said, and where to read on. */
function sentenceOf({ code, message }: CommanderError, program: Program): string {
  const [said = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const what = said.replaceAll(/'([^']*)'/g, '"$1"').replace(/\.$/, "");
  const names = program.commands.map((command) => command.name()).join(", ");
  const others = code === "commander.unknownCommand" ? ` Commands: ${names}.` : "";
  const hint = suggestion === undefined ? others : ` ${suggestion.replace(/^\(/, "").replace(/\)$/, "")}`;
  return `${what}.${hint} See ${nameOf(program)} --help.`;
}

/** `ligature new contract`. */
function nameOf(program: Program): string {
  return program.parent === null ? program.name() : `${nameOf(program.parent)} ${program.name()}`;
}

function withoutLastBreak(text: string): string {
  return text.replace(/\n$/, "");
}
