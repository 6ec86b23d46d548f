import type { Terminal } from "ligature/cli";
import { ManifestProblem } from "./manifest.ts";

/** What could be read of several packages. */
export interface Readable<T> {
  readonly found: readonly T[];
  /** How many could not, which has been said. */
  readonly leftOut: number;
  /** The exit code that follows from it: 1 when some were left out. */
  readonly code: 0 | 1;
}

/**
 * Reads each; one that has no usable manifest is said to be left out, and doesn't stop the others.
 * @throws ManifestProblem when none can be read
 */
export function readableOf<S, T>(sources: readonly S[], read: (source: S) => T, terminal: Terminal): Readable<T> {
  const found: T[] = [];
  const problems: ManifestProblem[] = [];
  for (const source of sources) {
    try {
      found.push(read(source));
    } catch (error) {
      if (!(error instanceof ManifestProblem)) throw error;
      problems.push(error);
    }
  }
  const [first] = problems;
  if (first !== undefined && found.length === 0) throw first;
  for (const { message } of problems) terminal.err(`ligature: ${message} (it is left out)`);
  return { found, leftOut: problems.length, code: problems.length > 0 ? 1 : 0 };
}
