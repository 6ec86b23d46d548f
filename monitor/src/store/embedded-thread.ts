/** The thread of an embedded PostgreSQL: it computes on the thread that calls it, and would keep the server from answering. */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { reasonOf, schema, type Row, type Statement } from "./database.ts";
import type { FromThread, ToThread } from "./thread-messages.ts";

const port = parentPort;
if (port === null) throw new Error("This is a thread's program.");

const { folder } = workerData as { readonly folder: string };
const answer = (message: FromThread): void => port.postMessage(message);

try {
  const database = await PGlite.create(folder);
  await database.exec(`set search_path to ${schema}`);
  port.on("message", (message: ToThread) => void serve(database, message));
  answer({ id: 0, rows: [] });
} catch (error) {
  answer({ id: 0, problem: reasonOf(error) });
}

async function serve(database: PGlite, message: ToThread): Promise<void> {
  try {
    if ("close" in message) {
      await database.close();
      answer({ id: message.id, rows: [] });
      port?.close();
      return;
    }
    answer({ id: message.id, rows: await run(database, message.statements) });
  } catch (error) {
    answer({ id: message.id, problem: reasonOf(error) });
  }
}

async function run(database: PGlite, statements: readonly Statement[]): Promise<Row[][]> {
  const [first, ...more] = statements;
  if (first === undefined) return [];
  if (more.length === 0) return [(await database.query<Row>(first.sql, [...(first.params ?? [])])).rows];
  return database.transaction(async (transaction) => {
    const rows: Row[][] = [];
    for (const { sql, params = [] } of statements) rows.push((await transaction.query<Row>(sql, [...params])).rows);
    return rows;
  });
}
