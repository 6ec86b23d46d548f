import { AsyncLocalStorage } from "node:async_hooks";

/** The request that the calling code runs in; what is sent meanwhile belongs to the same workflow. */
export interface CurrentRequest {
  readonly id: string;
  readonly rootId: string;
  /** Epoch milliseconds. */
  readonly deadline: number | undefined;
}

const storage = new AsyncLocalStorage<CurrentRequest>();

export function currentRequest(): CurrentRequest | undefined {
  return storage.getStore();
}

export function runInRequest<T>(request: CurrentRequest, run: () => T): T {
  return storage.run(request, run);
}
