import { UsageError } from "ligature/cli";
/** What `ligature usage` prints: how a repository uses the tasks of contract packages, as far as its source shows it. */
export interface UsageReport {
  /** The form of this report; a reader of an older form would misread a newer one. */
  readonly usage: 1;
  /** The contracts whose generated code the repository imports. */
  readonly contracts: readonly { readonly contract: string; readonly package: string }[];
  readonly uses: readonly Use[];
  readonly links: readonly Link[];
  /** What has to do with tasks and can't be told from the source: nothing is dropped in silence. */
  readonly unresolved: readonly Unresolved[];
}

/** A place in the source. */
export interface UsagePlace {
  /** Relative to the repository's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** The npm package that the file belongs to; empty where none has a name. */
  readonly by: string;
  /** The file is a test's, by its name or its folder's: no program that runs. */
  readonly test?: true;
}

/**
 * - `call`: `await remote.task(…)`; `with`, `delay`, `applyAsync`: the same in other ways
 * - `sendTask`: by its name on the wire
 * - `s`, `si`: a signature is built; `map`, `starmap`, `chunks`: one for many runs of the task
 * - `handle`: a worker serves it
 */
export type UseKind =
  | "call"
  | "with"
  | "delay"
  | "applyAsync"
  | "sendTask"
  | "s"
  | "si"
  | "map"
  | "starmap"
  | "chunks"
  | "handle";

export interface Use extends UsagePlace {
  readonly contract: string;
  /** The name on the wire. */
  readonly task: string;
  readonly kind: UseKind;
}

/** `chain`: the next step; `chord`: what runs when all of a group have ended. */
export type LinkKind = "link" | "linkError" | "chain" | "chord";

/** One task's end starts another. */
export interface Link extends UsagePlace {
  readonly kind: LinkKind;
  /** Name on the wire; null where the source doesn't show which task it is. */
  readonly parent: string | null;
  /** Name on the wire. */
  readonly callback: string;
}

export interface Unresolved extends UsagePlace {
  readonly why: string;
  /** Where at least that is known. */
  readonly contract?: string;
  /** Name on the wire, where at least that is known. */
  readonly task?: string;
}

/** A file is no report of `ligature usage`. */
export class UsageProblem extends UsageError {
  override readonly name: string = "UsageProblem";
}

/** @throws UsageProblem */
export function parseUsage(text: string, where: string): UsageReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageProblem(`${where} is not JSON: ${(error as Error).message}.`);
  }
  if (!isReport(value)) throw new UsageProblem(`${where} is not what \`ligature usage\` writes.`);
  if (value.usage > 1) {
    throw new UsageProblem(`${where} was written by a newer @ligature/codegen (form ${value.usage}); update this one.`);
  }
  return value as UsageReport;
}

function isReport(value: unknown): value is { readonly usage: number } {
  if (typeof value !== "object" || value === null) return false;
  const { usage, ...lists } = value as Readonly<Record<string, unknown>>;
  const { contracts, uses, links, unresolved } = lists;
  return typeof usage === "number" && [contracts, uses, links, unresolved].every((list) => Array.isArray(list));
}
