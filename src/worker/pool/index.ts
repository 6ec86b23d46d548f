/** Handlers in threads or processes of their own. Loaded by workers that have one. */
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { checkPeer } from "../../peers/index.ts";
import type { ContractRef } from "../../signature/index.ts";
import type { RegisteredTask } from "../request/index.ts";
import { moduleFile } from "./module-file.ts";
import { moduleTasks } from "./module-tasks.ts";
import type { Pool, PoolSettings } from "./pool.ts";
import { ProcessPool } from "./process-pool.ts";
import { isChild } from "./serve-jobs.ts";
import { ThreadPool } from "./thread-pool.ts";

/** The handlers of a module, and their end. */
export interface OpenPool {
  readonly tasks: ReadonlyMap<string, RegisteredTask>;
  close(): Promise<void>;
}

/**
 * Starts the children, which load the module. Resolves when all can work.
 * @throws LigatureError `INVALID_OPTION` for a module that can't be used, or a missing package; `NOT_REGISTERED` for a handler that it lacks
 */
export async function openPool(
  contract: ContractRef,
  module: URL,
  settings: PoolSettings & { readonly execution: "thread" | "process" },
  log: Logger,
): Promise<OpenPool> {
  if (isChild()) {
    throw new LigatureError(
      "INVALID_OPTION",
      "worker(): a module with handlers starts this worker, and every child would start one in turn. Start it elsewhere.",
    );
  }
  if (settings.execution === "thread") checkPeer("piscina");
  const file = moduleFile(module);
  const pool: Pool = settings.execution === "thread" ? new ThreadPool(file, settings, log) : new ProcessPool(file, settings, log);
  try {
    const shape = await pool.open().catch((error: unknown) => {
      throw error instanceof LigatureError ? error : unusable(file.url, error);
    });
    return { tasks: moduleTasks(contract, shape, pool), close: () => pool.close() };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function unusable(url: string, cause: unknown): LigatureError {
  return new LigatureError(
    "INVALID_OPTION",
    `worker(): the module with handlers at ${url} can't be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}
