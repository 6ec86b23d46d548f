import { AsyncLocalStorage } from "node:async_hooks";

/** The request that the calling code runs in; what is sent meanwhile belongs to the same workflow. */
export interface CurrentRequest {
  readonly id: string;
  readonly rootId: string;
  /** Epoch milliseconds. */
  readonly deadline: number | undefined;
  /** Told the ids of the tasks that were sent meanwhile, once the broker has them. */
  readonly sent?: (ids: readonly string[]) => void;
}

const storage = new AsyncLocalStorage<CurrentRequest>();

export function currentRequest(): CurrentRequest | undefined {
  return storage.getStore();
}

export function runInRequest<T>(request: CurrentRequest, run: () => T): T {
  return storage.run(request, run);
}
