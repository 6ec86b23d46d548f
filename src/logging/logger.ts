/** The logger that Ligature writes to: pino's call shape, so a pino logger fits as it is. Errors are in the field `err`, as pino expects. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: Readonly<Record<string, unknown>>): Logger;
}
