/** `rpc://`: results travel through a reply queue of the calling app, as Celery's rpc backend has it. */
import type { BackendOptions, ResultBackend } from "../backend.ts";
import { RpcBackend } from "./rpc-backend.ts";

export function openRpcBackend(_url: string, options: BackendOptions): ResultBackend {
  return new RpcBackend(options);
}
