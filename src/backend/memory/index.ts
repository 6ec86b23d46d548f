/** `memory://`: results are kept in this process, for its apps. */
import { MemorySpaces } from "../../broker/memory/index.ts";
import type { BackendOptions, ResultBackend } from "../backend.ts";
import { MemoryBackend } from "./memory-backend.ts";
import { ResultStore } from "./result-store.ts";

const stores = new MemorySpaces(() => new ResultStore());

/**
 * Apps that open the same URL share results; they are forgotten when the last of them is closed.
 * @throws LigatureError `INVALID_OPTION` when the name has other characters than letters, digits, `_`, `-` and `.`.
 */
export function openMemoryBackend(url: string, options: BackendOptions): ResultBackend {
  return new MemoryBackend(stores.open(url), options);
}
