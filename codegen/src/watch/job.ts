import type { GenResult } from "../gen/index.ts";

/** What one round asks of the process that generates. */
export interface Job {
  readonly cwd: string;
  /** Absolute. */
  readonly dirs: readonly string[];
  readonly force: boolean;
}

export type Answer = { readonly results: readonly GenResult[] } | { readonly problem: string };
