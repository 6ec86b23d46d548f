/** Where a command works and what it writes to; a test gives its own. */
export interface Terminal {
  readonly cwd: string;
  /** One line, or several joined by line breaks, to standard output. */
  out(line: string): void;
  /** The same, to standard error. */
  err(line: string): void;
}

/** The command was called in a way that it can't carry out: one line on standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
