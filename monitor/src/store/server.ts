import { DatabaseProblem, reasonOf, schema, type Database, type Row } from "./database.ts";

/**
 * A PostgreSQL server.
 * @throws DatabaseProblem
 */
export async function openServer(url: string): Promise<Database> {
  const { default: pg } = await import("pg").catch((error: unknown) => {
    throw new DatabaseProblem("A PostgreSQL by its URL needs pg, which isn't installed: npm i pg", { cause: error });
  });
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "ligature monitor",
    options: `-c search_path=${schema}`,
    max: 4,
    connectionTimeoutMillis: 10_000,
  });
  // An idle connection that breaks is replaced at the next query; unheard, the event would end the process.
  pool.on("error", () => undefined);
  const address = URL.canParse(url) ? new URL(url).host : "the given URL";
  const problem = (error: unknown): DatabaseProblem => new DatabaseProblem(reasonOf(error), { cause: error });
  await pool.query("select 1").catch(async (error: unknown) => {
    await pool.end();
    throw new DatabaseProblem(`No PostgreSQL can be used at ${address}: ${reasonOf(error)}`, { cause: error });
  });
  return {
    address,
    query: async (sql, params = []) =>
      pool.query(sql, [...params]).then(
        ({ rows }) => rows,
        (error: unknown) => {
          throw problem(error);
        },
      ),
    async transaction(statements) {
      const client = await pool.connect().catch((error: unknown) => {
        throw problem(error);
      });
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const rows: Row[][] = [];
        for (const { sql, params = [] } of statements) rows.push((await client.query<Row>(sql, [...params])).rows);
        await client.query("commit");
        return rows;
      } catch (error) {
        broken = await client.query("rollback").then(
          () => undefined,
          (failure: unknown) => failure as Error,
        );
        throw problem(error);
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
