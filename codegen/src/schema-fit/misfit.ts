import type { JsonValue } from "../model/json-schema.ts";
import type { Definitions, Level, Node } from "./alternatives.ts";

/** A value that the one side may send and the other doesn't take as it is meant. */
export interface Misfit {
  /** Inside the value: `.options.strict`, `[]` for an array's items, `{}` for a record's values. */
  readonly path: string;
  /**
   * - `refused`: the value is not accepted
   * - `unclear`: it can't be told whether it is; to be looked at by a person
   * - `dropped`: it is accepted, but this key is ignored
   * - `removed`: the value is not accepted, since a key that was always there never is
   * - `gone`: a key that could be there never is
   * - `default`: it is accepted, but what stands for a value that is missing or doesn't fit is another one
   */
  readonly kind: "refused" | "removed" | "unclear" | "dropped" | "gone" | "default";
  readonly why: string;
}

export interface FitOptions {
  /** What the sender's `$ref`s lead to. */
  readonly from: Definitions;
  /** What the receiver's `$ref`s lead to. */
  readonly to: Definitions;
  readonly level: Level;
  /** Arguments travel as the caller gave them; of results, only declared keys travel. */
  readonly travels: "arguments" | "results";
  /** What comes has no annotations: the receiver reads it as its schema means it. @default false */
  readonly isRead?: boolean;
  /** Of results: the receiver parses them once more, so that its defaults and catches apply. @default false */
  readonly parses?: boolean;
  /** Null is read as nothing where a key may be missing but not be null. @default false */
  readonly readsNull?: boolean;
}

/** A comparison under way, as its parts see it. */
export interface Fit {
  readonly options: FitOptions;
  misfits(from: JsonValue, to: JsonValue): readonly Misfit[];
  /** Alternatives of what is sent, or of what is taken. */
  alternatives(schema: JsonValue, side: "from" | "to"): readonly Node[] | undefined;
}

/** What speaks least against a pair: nothing, then what is only ignored, then what can't be told. */
export function leastOf(misfits: readonly (readonly Misfit[])[]): readonly Misfit[] | undefined {
  return [...misfits].sort((a, b) => weight(a) - weight(b))[0];
}

const weights = { refused: 1000, removed: 1000, unclear: 100, dropped: 1, gone: 1, default: 10 } as const;

function weight(misfits: readonly Misfit[]): number {
  return misfits.reduce((sum, { kind }) => sum + weights[kind], 0);
}

/** What is said of a key, an item or a member for which something else stands now when it is left out. */
export function defaultMisfit(before: string | undefined, after: string | undefined): Misfit {
  return { path: "", kind: "default", why: `left out, it meant ${before ?? "nothing"}, and now means ${after ?? "nothing"}` };
}
