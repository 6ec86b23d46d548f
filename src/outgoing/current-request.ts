import { AsyncLocalStorage } from "node:async_hooks";
import type { LigatureError } from "../errors/index.ts";
import type { TaskMessage } from "../protocol/index.ts";

/** The request that the calling code runs in; what is sent meanwhile belongs to the same workflow. */
export interface CurrentRequest {
  readonly id: string;
  readonly rootId: string;
  /** Epoch milliseconds. */
  readonly deadline: number | undefined;
  /** Why nothing more may be sent: its whole workflow was revoked. */
  readonly calledOff?: () => LigatureError | undefined;
  /** Told the ids of the tasks that were sent meanwhile, once the broker has them. */
  readonly sent?: (ids: readonly string[]) => void;
  /** Where its handler runs in a child of the worker's pool. */
  readonly inPool?: InPool;
}

/** What a pool is told of a request, and tells. */
export interface InPool {
  readonly message: TaskMessage;
  /** The handler has been called; before, it waited for its child. */
  readonly began: () => void;
  /** Aborted when the handler has to be ended at once. */
  readonly kill: AbortSignal;
}

/** What a handler and its hooks run in. What they leave running in the background keeps it, but it ends. */
interface Scope {
  /** Undefined once the handler has ended: what goes on after that has no deadline, and isn't part of the workflow. */
  request: CurrentRequest | undefined;
  /** Who waits for this request before it stops; undefined once nobody does. */
  host: object | undefined;
}

const storage = new AsyncLocalStorage<Scope>();

export function currentRequest(): CurrentRequest | undefined {
  return storage.getStore()?.request;
}

/** Whether who asks must not wait for the host to stop, since the host waits for who asks. */
export function runsIn(host: object): boolean {
  return storage.getStore()?.host === host;
}

/** Runs a handler. */
export async function runInRequest<T>(request: CurrentRequest, host: object, run: () => T): Promise<Awaited<T>> {
  const scope: Scope = { request, host };
  try {
    return await storage.run(scope, run);
  } finally {
    scope.request = undefined;
    scope.host = undefined;
  }
}

/** Runs what a host waits for without being a request, such as a hook. */
export async function runInHost<T>(host: object, run: () => T): Promise<Awaited<T>> {
  const scope: Scope = { request: undefined, host };
  try {
    return await storage.run(scope, run);
  } finally {
    scope.host = undefined;
  }
}

/** Runs what doesn't belong to the request that happens to ask for it. */
export function runOutside<T>(run: () => T): T {
  return storage.exit(run);
}
