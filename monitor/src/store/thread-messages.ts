import type { Row, Statement } from "./database.ts";

/** To the thread: a transaction, or the order to close. */
export type ToThread =
  | { readonly id: number; readonly statements: readonly Statement[] }
  | { readonly id: number; readonly close: true };

/** From the thread. The first, with id 0, says whether the folder could be opened. */
export type FromThread = { readonly id: number; readonly rows: Row[][] } | { readonly id: number; readonly problem: string };
