import type { Spot } from "../findings/index.ts";
import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import type { Changes } from "./changes.ts";
import type { Category, RuleName } from "./breaking-rules.ts";
import { SchemaFit, type Definitions, type Misfit } from "../schema-fit/index.ts";

interface Fits {
  /** On the wire. */
  readonly values: SchemaFit;
  /** For the compiler. */
  readonly types: SchemaFit;
}

/** Compares the schemas of an older and a newer version of a contract, in the direction that each one travels. */
export class Values {
  readonly #arguments: Fits;
  readonly #results: Fits;
  readonly #changes: Changes;

  constructor(older: Definitions, newer: Definitions, changes: Changes) {
    const fits = (travels: "arguments" | "results", from: Definitions, to: Definitions): Fits => ({
      values: new SchemaFit({ from, to, travels, level: "values" }),
      types: new SchemaFit({ from, to, travels, level: "types" }),
    });
    this.#arguments = fits("arguments", older, newer);
    this.#results = fits("results", newer, older);
    this.#changes = changes;
  }

  /** What older callers send, against what newer workers take. */
  argument(older: JsonSchema, newer: JsonSchema, spot: Spot, note: string): void {
    const { values, types } = both(this.#arguments, older, newer);
    this.#report(
      "param-narrowed",
      "refused",
      values,
      types,
      spot,
      (what) => `The new version refuses what the old one accepted: ${what}.${note}`,
    );
    this.#report(
      "param-key-ignored",
      "dropped",
      values,
      types,
      spot,
      (what) => `Older callers still send it, and the new version takes no notice: ${what}.`,
    );
    this.#unclear(values, types, spot);
  }

  /** What newer workers answer, against what older callers take. */
  answer(rule: RuleName, older: JsonSchema, newer: JsonSchema, spot: Spot, note = ""): void {
    const { values, types } = both(this.#results, newer, older);
    this.#report(
      rule,
      "refused",
      values,
      types,
      spot,
      (what) => `Older callers refuse what the new version may send: ${what}.${note}`,
    );
    this.#report("key-removed", "gone", values, types, spot, (what) => `Code that reads it stops compiling: ${what}.`);
    this.#unclear(values, types, spot);
  }

  /** Whether an argument of the older version can be taken as one of the newer. */
  mayReplace(older: JsonSchema, newer: JsonSchema): boolean {
    return this.#arguments.types.misfits(older, newer).every(({ kind }) => kind !== "refused");
  }

  #unclear(values: readonly Misfit[], types: readonly Misfit[], spot: Spot): void {
    this.#report("schema-unclear", "unclear", values, types, spot, (what) => `Compare the two versions by hand: ${what}.`);
  }

  /** One finding for all misfits of a kind; WIRE if the values show it, SOURCE if the types do. */
  #report(
    rule: RuleName,
    kind: Misfit["kind"],
    values: readonly Misfit[],
    types: readonly Misfit[],
    spot: Spot,
    why: (what: string) => string,
  ): void {
    const onWire = values.filter((each) => each.kind === kind);
    const inSource = types.filter((each) => each.kind === kind);
    const all = onWire.length > 0 ? onWire : inSource;
    const [first] = all;
    if (first === undefined) return;
    const categories: readonly Category[] = [
      ...(inSource.length > 0 ? (["SOURCE"] as const) : []),
      ...(onWire.length > 0 ? (["WIRE"] as const) : []),
    ];
    this.#changes.add(rule, spot, { why: why(listed(all)), categories, path: all.length === 1 ? first.path : "" });
  }
}

function both(
  fits: Fits,
  from: JsonValue,
  to: JsonValue,
): { readonly values: readonly Misfit[]; readonly types: readonly Misfit[] } {
  return { values: fits.values.misfits(from, to), types: fits.types.misfits(from, to) };
}

const most = 4;

function listed(misfits: readonly Misfit[]): string {
  const texts = misfits.slice(0, most).map(({ path, why }) => (path === "" ? why : `${path}: ${why}`));
  return misfits.length > most ? `${texts.join("; ")}; and ${misfits.length - most} more` : texts.join("; ");
}
