/** Where a command works and what it writes to; a test gives its own. */
export interface Terminal {
  readonly cwd: string;
  /** One line, or several joined by line breaks, to standard output. */
  out(line: string): void;
  /** The same, to standard error. */
  err(line: string): void;
}

/** A subcommand of `ligature`. Everything heavy is imported inside `run`, so that `--help` stays instant. */
export interface Command {
  readonly help: string;
  /** Exit codes: 0 done, 1 what was asked for found something wrong, 2 the command itself was wrong ({@link UsageError}). */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** The command was called in a way that it can't carry out: one line on standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
