import type { Diagnostic } from "../diagnostic.ts";

/** What became of one contract package. */
export interface GenResult {
  readonly name: string;
  /** Absolute. */
  readonly dir: string;
  /**
   * - `unchanged`: its files are as they should be
   * - `written`: files were written or deleted
   * - `stale`: files would have to be written (`check`)
   * - `failed`: its contract can't be read, or its files can't be written
   */
  readonly status: "unchanged" | "written" | "stale" | "failed";
  /** Hash of all that its files are made from. */
  readonly inputs: string;
  /** Paths relative to the package that were, or would be, written or deleted. */
  readonly files: readonly string[];
  /** For `stale`: a unified diff, cut to its first lines. */
  readonly diff?: string;
  /** For `failed`: what is wrong with the contract; paths relative to the package. */
  readonly diagnostics?: readonly Diagnostic[];
  /** For `failed`: the error itself, if there was one. */
  readonly cause?: unknown;
}
