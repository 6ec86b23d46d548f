import type { GenResult } from "./gen-result.ts";

/** What is asked of a process that generates. */
export interface Job {
  readonly cwd: string;
  /** Absolute; dependencies first. */
  readonly dirs: readonly string[];
  readonly check: boolean;
  readonly force: boolean;
  /** Milliseconds. @default 60_000 */
  readonly loadTimeout?: number;
}

export type Answer = { readonly results: readonly GenResult[] } | { readonly problem: string };

/** What the process tells, as it happens: it may not live to tell it all at once. */
export type Told =
  | { readonly kind: "loading"; readonly dir: string; readonly name: string; readonly inputs: string; readonly source: string }
  | { readonly kind: "loaded" }
  | { readonly kind: "result"; readonly result: GenResult }
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "done" };

export const defaultLoadTimeout = 60_000;
