import { mkdir } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { DatabaseProblem, type Database, type Row, type Statement } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import type { FromThread, ToThread } from "./thread-messages.ts";

interface Waiting {
  resolve(rows: Row[][]): void;
  reject(error: Error): void;
}

/**
 * A PostgreSQL of its own in a folder, on a thread of its own. Survives a crash of the process, not a power cut.
 * @throws DatabaseProblem
 */
export async function openEmbedded(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new DatabaseProblem(`${folder} can't be made: ${(error as Error).message}`, { cause: error });
  });
  const unlock = await lockFolder(folder);
  const thread = new DatabaseThread(folder);
  try {
    await thread.ready;
  } catch (error) {
    await thread.end();
    await unlock();
    throw error;
  }
  return {
    address: folder,
    query: async <R extends object>(sql: string, params: Statement["params"] = []) =>
      ((await thread.run([{ sql, params }]))[0] ?? []) as R[],
    transaction: (statements) => thread.run(statements),
    async close() {
      await thread.close();
      await unlock();
    },
  };
}

class DatabaseThread {
  readonly ready: Promise<unknown>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #lost: DatabaseProblem | undefined;

  constructor(folder: string) {
    this.#worker = new Worker(new URL("./embedded-thread.js", import.meta.url), { workerData: { folder } });
    this.#worker.on("message", (message: FromThread) => this.#onMessage(message));
    this.#worker.on("error", (error) => this.#onLost(`The database's thread has failed: ${error.message}`));
    this.#worker.on("exit", () => this.#onLost("The database is closed."));
    this.ready = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
  }

  run(statements: readonly Statement[]): Promise<Row[][]> {
    return this.#ask((id) => ({ id, statements }));
  }

  async close(): Promise<void> {
    await this.#ask((id) => ({ id, close: true })).catch(() => undefined);
    await this.end();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(message: (id: number) => ToThread): Promise<Row[][]> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(message(id), []);
    });
  }

  #onMessage(message: FromThread): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("rows" in message) waiting?.resolve(message.rows);
    else waiting?.reject(new DatabaseProblem(message.problem));
  }

  #onLost(reason: string): void {
    this.#lost ??= new DatabaseProblem(reason);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#lost);
    this.#waiting.clear();
  }
}
