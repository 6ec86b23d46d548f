import type { Spot } from "../findings/index.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { Changes } from "./changes.ts";
import type { Category, RuleName } from "./breaking-rules.ts";
import { isPlain, isRead, isTransformed, SchemaFit, type Definitions, type Misfit } from "../schema-fit/index.ts";

/** What is known of how a value travels, apart from its schemas. */
interface Journey {
  readonly travels: "arguments" | "results";
  readonly isRead: boolean;
  readonly parses: boolean;
  readonly readsNull: boolean;
}

/** Compares the schemas of an older and a newer version of a contract, in the direction that each one travels. */
export class Values {
  readonly older: Definitions;
  readonly newer: Definitions;
  readonly #fits = new Map<string, SchemaFit>();
  readonly #changes: Changes;

  constructor(older: Definitions, newer: Definitions, changes: Changes) {
    this.older = older;
    this.newer = newer;
    this.#changes = changes;
  }

  /**
   * What older callers send, against what newer workers take.
   * @param allPlain whether all arguments of the task are plain JSON, so that nothing is annotated
   */
  argument(older: JsonSchema, newer: JsonSchema, spot: Spot, allPlain: boolean, note: string): void {
    const { values, types } = this.#both(
      { travels: "arguments", isRead: allPlain, parses: false, readsNull: allPlain && isRead(newer, this.newer) },
      older,
      newer,
    );
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
    this.#report(
      "param-default-changed",
      "default",
      values,
      types,
      spot,
      (what) => `Older callers get another value than they did: ${what}.`,
    );
    this.#unclear(values, types, spot);
  }

  /** What newer workers answer, against what older callers take. */
  answer(rule: RuleName, older: JsonSchema, newer: JsonSchema, spot: Spot, note = ""): void {
    const isPlainAnswer = isPlain(newer, this.newer);
    const { values, types } = this.#both(
      {
        travels: "results",
        isRead: isPlainAnswer,
        // What a transform has made can't be parsed again; data of errors always is.
        parses: rule === "error-widened" || !isTransformed(older, this.older),
        readsNull: isPlainAnswer && (rule === "error-widened" || isRead(older, this.older)),
      },
      newer,
      older,
    );
    this.#report(
      rule,
      "refused",
      values,
      types,
      spot,
      (what) => `Older callers refuse what the new version may send: ${what}.${note}`,
    );
    this.#report(
      "key-removed",
      "removed",
      values,
      types,
      spot,
      (what) => `Older callers refuse an answer without it, and code that reads it stops compiling: ${what}.`,
    );
    this.#report("key-removed", "gone", values, types, spot, (what) => `Code that reads it stops compiling: ${what}.`);
    this.#unclear(values, types, spot);
  }

  /** Whether an argument of the older version can be taken as one of the newer. */
  mayReplace(older: JsonSchema, newer: JsonSchema): boolean {
    return this.#fit({ travels: "arguments", isRead: false, parses: false, readsNull: false }, "types")
      .misfits(older, newer)
      .every(({ kind }) => kind !== "refused");
  }

  /** On the wire, and for the compiler. */
  #both(
    journey: Journey,
    from: JsonSchema,
    to: JsonSchema,
  ): { readonly values: readonly Misfit[]; readonly types: readonly Misfit[] } {
    const misfits = (level: "values" | "types"): readonly Misfit[] => this.#fit(journey, level).misfitsOfWhole(from, to);
    return { values: misfits("values"), types: misfits("types") };
  }

  #fit(journey: Journey, level: "values" | "types"): SchemaFit {
    const key = JSON.stringify([journey, level]);
    const [from, to] = journey.travels === "arguments" ? [this.older, this.newer] : [this.newer, this.older];
    const fit = this.#fits.get(key) ?? new SchemaFit({ from, to, level, ...journey });
    this.#fits.set(key, fit);
    return fit;
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

const most = 4;

function listed(misfits: readonly Misfit[]): string {
  const texts = misfits.slice(0, most).map(({ path, why }) => (path === "" ? why : `${path}: ${why}`));
  return misfits.length > most ? `${texts.join("; ")}; and ${misfits.length - most} more` : texts.join("; ");
}
