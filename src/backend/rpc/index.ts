/** `rpc://`: results travel through a reply queue of the calling app, as Celery's rpc backend has it. */
import { LigatureError } from "../../errors/index.ts";
import type { BackendOptions, ResultBackend } from "../backend.ts";
import { RpcBackend } from "./rpc-backend.ts";

/** @throws LigatureError `INVALID_OPTION` when the URL says more than `rpc://`. */
export function openRpcBackend(url: string, options: BackendOptions): ResultBackend {
  if (url !== "rpc://") {
    throw new LigatureError(
      "INVALID_OPTION",
      "The rpc backend's URL is just rpc://, since it uses the app's broker, and there is more in the one given.",
    );
  }
  return new RpcBackend(options);
}
