import { mkdir } from "node:fs/promises";
import { lockFolder } from "./folder-lock.ts";

/** Runs one statement. Parameters are `$1`, `$2`, … */
export type Query = <Row extends object = never>(sql: string, params?: readonly unknown[]) => Promise<Row[]>;

/** As much of PostgreSQL as the catalog needs, whichever way it is reached. */
export interface Database {
  readonly query: Query;
  /** Commits what the function did, or nothing of it when it throws. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The database can't be used, for a reason that an operator can do something about. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
}

/** A server's URL, or the folder of a database that runs inside this process. */
export type DatabaseLocation = { readonly url: string } | { readonly folder: string };

/**
 * Either driver is loaded only when it is used: one brings PostgreSQL itself, as WebAssembly.
 * @throws DatabaseUnavailable
 */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  return "url" in location ? connectToServer(location.url) : openFolder(location.folder);
}

async function connectToServer(url: string): Promise<Database> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: url, application_name: "catalog" });
  // An idle connection that breaks is replaced at the next query; unheard, the event would end the process.
  pool.on("error", () => {});
  await pool.query("select 1").catch(async (error: unknown) => {
    await pool.end();
    throw new DatabaseUnavailable(`No PostgreSQL can be used at ${hostOf(url)}: ${reasonOf(error)}`, { cause: error });
  });
  const queryOn =
    (client: Pick<typeof pool, "query">): Query =>
    async (sql, params = []) =>
      (await client.query(sql, [...params])).rows;
  return {
    query: queryOn(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const result = await work(queryOn(client));
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function openFolder(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const unlock = await lockFolder(folder);
  try {
    const { PGlite } = await import("@electric-sql/pglite");
    const pglite = await PGlite.create(folder);
    const queryOn =
      (client: Pick<typeof pglite, "query">): Query =>
      async <Row extends object>(sql: string, params: readonly unknown[] = []) =>
        (await client.query<Row>(sql, [...params])).rows;
    return {
      query: queryOn(pglite),
      transaction: (work) => pglite.transaction((transaction) => work(queryOn(transaction))),
      async close() {
        await pglite.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Without the password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "DATABASE_URL";
}

/** A host name with several addresses fails with all their errors at once, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
