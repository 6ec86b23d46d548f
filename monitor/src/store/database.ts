/** Where all tables are: the database may be shared with others. */
export const schema = "ligature_monitor";

/** One SQL statement. Parameters are `$1`, `$2`, …; arrays and objects are handed over as JSON text by the caller. */
export interface Statement {
  readonly sql: string;
  readonly params?: readonly (string | number | boolean | null)[];
}

export type Row = Readonly<Record<string, unknown>>;

/** As much of PostgreSQL as the monitor needs, whichever way it is reached. */
export interface Database {
  /** For people: a folder, or a host without credentials. */
  readonly address: string;
  /** @throws DatabaseProblem */
  query<R extends object = Row>(sql: string, params?: Statement["params"]): Promise<R[]>;
  /**
   * All of them, or none. Resolves with the rows of each.
   * @throws DatabaseProblem
   */
  transaction(statements: readonly Statement[]): Promise<Row[][]>;
  close(): Promise<void>;
}

/** The database can't be used, or refuses something; the message says why, without credentials. */
export class DatabaseProblem extends Error {
  override readonly name: string = "DatabaseProblem";
}

/** A server's URL, or the folder of a database that runs inside this process. */
export type DatabaseLocation = { readonly url: string } | { readonly folder: string };

/** A host name with several addresses fails with all their errors at once, and no message of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
