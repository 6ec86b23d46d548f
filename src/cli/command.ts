/** Where a command works and what it writes to; a test gives its own. */
export interface Terminal {
  readonly cwd: string;
  /** One line, or several joined by line breaks, to standard output. */
  out(line: string): void;
  /** The same, to standard error. */
  err(line: string): void;
  /**
   * For a command that runs until it is told to end: aborts on Ctrl+C, on SIGTERM, and when nobody reads the output any
   * more. Without a call of it, signals end the process at once.
   */
  stopSignal(): AbortSignal;
}

/** On or off: `--check`. */
export interface SwitchOption {
  readonly type: "switch";
  readonly description: string;
  /** One letter: `-o`. */
  readonly short?: string;
}

/** Takes a value: `--out <file>`. */
export interface TextOption {
  readonly type: "text";
  readonly description: string;
  readonly short?: string;
  /** What the help calls the value. */
  readonly value: string;
  /** The only values that are accepted. @default any */
  readonly choices?: readonly string[];
  readonly default?: string;
}

/** Takes a value each time that it is given: `--usage a.json --usage b.json`. */
export interface ListOption {
  readonly type: "list";
  readonly description: string;
  readonly short?: string;
  readonly value: string;
}

/** The options of a command, by their long name without `--`. */
export type Options = Readonly<Record<string, SwitchOption | TextOption | ListOption>>;

/** What was given for each option. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: OptionValue<O[Name]> };

type OptionValue<O> = O extends { readonly type: "switch" }
  ? boolean
  : O extends { readonly type: "list" }
    ? readonly string[]
    : | (O extends { readonly choices: readonly (infer Choice)[] } ? Choice : string)
      | (O extends { readonly default: string } ? never : undefined);

/** Something that a command is given by its place. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  /** @default false */
  readonly required?: boolean;
  /** Any number of them; only the last argument can be so. @default false */
  readonly many?: boolean;
}

interface Named {
  /** As it is typed. */
  readonly name: string;
  /** For the list of commands: one line, lower case, no full stop. */
  readonly summary: string;
  /** For the command's own help. @default the summary */
  readonly description?: string;
  /** Options that it takes; a group's are those of all its commands. */
  readonly options?: Options;
}

/** A command that does something. All that is heavy is imported inside `run`, so that help and completion stay instant. */
export interface RunnableCommand<O extends Options = Options> extends Named {
  readonly options?: O;
  readonly arguments?: readonly Argument[];
  /** Text below the options, such as examples. */
  readonly notes?: string;
  /**
   * Does it, with what was given. Exit codes: 0 done; 1 what was asked for failed or found something wrong.
   * @throws UsageError when it was called in a way that it can't carry out: exit code 2
   */
  run(given: { readonly arguments: readonly string[]; readonly options: OptionValues<O> }, terminal: Terminal): Promise<number>;
}

/** Commands under one name: `ligature new contract`. */
export interface CommandGroup extends Named {
  readonly commands: readonly Command[];
}

/** A subcommand of `ligature`, or a group of them. */
export type Command = RunnableCommand | CommandGroup;

/** Types what `run` is given by the options that are declared beside it. */
export function defineCommand<const O extends Options = Options>(command: RunnableCommand<O>): Command {
  return command;
}

const mark: symbol = Symbol.for("ligature.UsageError");

/** A command was called in a way that it can't carry out, or finds things in a state that the user has to change: one line on standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";

  /** Also of another copy of this package: a command may come from a package that has its own. */
  static is(error: unknown): error is UsageError {
    return error instanceof Error && mark in error;
  }

  static {
    Object.defineProperty(this.prototype, mark, { value: true });
  }
}
