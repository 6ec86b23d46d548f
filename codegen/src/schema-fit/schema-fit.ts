import { canonicalJson, type JsonSchema, type JsonValue } from "../model/json-schema.ts";
import { alternativesOf, type Node } from "./alternatives.ts";
import { arrayFits, objectFits } from "./containers.ts";
import { describe } from "./describe.ts";
import { leastOf, type Fit, type FitOptions, type Misfit } from "./misfit.ts";
import { scalarFits, valueFits } from "./scalars.ts";

/**
 * Whether one side takes everything that the other may send, for the part of JSON Schema that manifests are written
 * in. It never says yes without being sure: what it doesn't know or can't decide is `unclear`.
 */
export class SchemaFit implements Fit {
  readonly options: FitOptions;
  /** Whether equal references lead to equal schemas. */
  #sameNames: boolean | undefined;
  readonly #known = new Map<string, readonly Misfit[]>();
  /** Pairs on the way to the one that is looked at now: in a circle they fit if all else does. */
  readonly #open = new Set<string>();
  /** How often a pair was met that is open. */
  #circles = 0;

  constructor(options: FitOptions) {
    this.options = options;
  }

  misfits(from: JsonValue, to: JsonValue): readonly Misfit[] {
    const [sent, taken] = [canonicalJson(from), canonicalJson(to)];
    // Most of a contract is as it was.
    if (sent === taken && (!sent.includes('"$ref"') || this.#haveSameNames())) return [];
    const key = `${sent} → ${taken}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#open.has(key)) {
      this.#circles += 1;
      return [];
    }
    const circles = this.#circles;
    this.#open.add(key);
    const found = this.#compare(from, to);
    this.#open.delete(key);
    // Inside a circle, what was found may rest on a pair that is still open.
    if (this.#open.size === 0 || this.#circles === circles) this.#known.set(key, found);
    return found;
  }

  #haveSameNames(): boolean {
    const { from, to } = this.options;
    this.#sameNames ??= canonicalJson(from) === canonicalJson(to);
    return this.#sameNames;
  }

  /** Alternatives of what is sent, or of what is taken. */
  alternatives(schema: JsonValue, side: "from" | "to"): readonly Node[] | undefined {
    return alternativesOf(schema, this.options[side], this.options.level);
  }

  #compare(from: JsonValue, to: JsonValue): readonly Misfit[] {
    const sent = this.alternatives(from, "from");
    const taken = this.alternatives(to, "to");
    if (sent === undefined || taken === undefined) {
      return [{ path: "", kind: "unclear", why: "these schemas are beyond what can be compared" }];
    }
    const overlap = this.#overlaps(to) ? [ambiguous] : [];
    const misfits = sent.flatMap((node) => this.#oneOf(node, taken));
    return misfits.length > 0 ? unique(misfits) : canonicalJson(from) === canonicalJson(to) ? [] : overlap;
  }

  /** A node against a union: one member must take it whole, unless it can be split. */
  #oneOf(node: Node, taken: readonly Node[]): readonly Misfit[] {
    const possible = taken.filter((each) => !this.areDisjoint(node, each));
    const [only] = possible;
    if (only === undefined) {
      return [{ path: "", kind: "refused", why: `${describe([node])} may come, and only ${describe(taken)} is accepted` }];
    }
    const tried = possible.map((each) => this.#nodeFits(node, each));
    const best = leastOf(tried) ?? [];
    if (possible.length === 1 || best.every(({ kind }) => kind === "dropped" || kind === "gone")) return best;
    const parts = this.#split(node, possible);
    if (parts !== undefined) return unique(parts.flatMap((part) => this.#oneOf(part, taken)));
    const why = `${describe([node])}: no member of the union takes it whole (${best.map((misfit) => misfit.why).join("; ")})`;
    return [{ path: "", kind: "unclear", why }];
  }

  /** A boolean as its two values; an object as one per value of a key that tells the members apart. */
  #split(node: Node, taken: readonly Node[]): readonly Node[] | undefined {
    if (node.type === "boolean") return [{ const: true }, { const: false }];
    for (const [name, schema] of Object.entries(node.properties ?? {})) {
      if (!taken.some((each) => constantOf(this, each.properties?.[name]) !== undefined)) continue;
      const values = this.alternatives(schema, "from")?.flatMap((each): readonly JsonValue[] =>
        each.const !== undefined ? [each.const] : each.type === "boolean" ? [true, false] : [],
      );
      if (values === undefined || values.length < 2 || !node.required?.includes(name)) continue;
      return values.map((value) => ({ ...node, properties: { ...node.properties, [name]: { const: value } } }));
    }
    return undefined;
  }

  #nodeFits(from: Node, to: Node): readonly Misfit[] {
    if (Object.keys(to).length === 0) return [];
    const here = ({ kind, why }: Pick<Misfit, "kind" | "why">): Misfit => ({ path: "", kind, why });
    if (from.const !== undefined) {
      return to.const !== undefined ? [] : [...valueFits(from.const, to).map(here), ...this.#unknown(from, to)];
    }
    if (to.const !== undefined || (from.type === undefined && to.type !== undefined)) {
      return [here({ kind: "refused", why: `${describe([from])} may come, and only ${describe([to])} is accepted` })];
    }
    const kind = to.type ?? from.type;
    const own =
      kind === "object"
        ? objectFits(this, from, to)
        : kind === "array"
          ? arrayFits(this, from, to)
          : kind === "null" || kind === "boolean"
            ? []
            : scalarFits(from, { ...to, type: kind ?? "" }).map(here);
    return [...own, ...this.#unknown(from, to)];
  }

  /** Keywords that nobody here knows: the receiver's count unless the sender has the same; both ends' notes count. */
  #unknown(from: Node, to: Node): readonly Misfit[] {
    const keywords = new Set([
      ...Object.keys(to),
      ...Object.keys(from).filter((name) => name.startsWith("x-") || name === "patternProperties"),
    ]);
    const same = (name: string): boolean => canonicalJson(from[name] ?? null) === canonicalJson(to[name] ?? null);
    return [...keywords]
      .filter((name) => !understood.has(name) && !same(name))
      .map((name) => ({ path: "", kind: "unclear", why: `"${name}" changed, and what that means can't be told` }));
  }

  /** Whether no value fits both, as far as can be seen at once. */
  areDisjoint(from: Node, to: Node): boolean {
    if (Object.keys(from).length === 0 || Object.keys(to).length === 0) return false;
    if ((from["x-type"] ?? null) !== (to["x-type"] ?? null)) return true;
    if (from.const !== undefined && to.const !== undefined) return canonicalJson(from.const) !== canonicalJson(to.const);
    const [a, b] = [kindOf(from), kindOf(to)];
    if (a !== undefined && b !== undefined && a !== b) return true;
    return Object.entries(to.properties ?? {}).some(([name, schema]) => {
      const other = from.properties?.[name];
      if (other === undefined || !from.required?.includes(name) || !to.required?.includes(name)) return false;
      const wanted = constantOf(this, schema);
      const given = this.alternatives(other, "from");
      if (wanted === undefined || given === undefined) return false;
      return given.every((each) => each.const !== undefined && canonicalJson(each.const) !== canonicalJson(wanted));
    });
  }

  /** `oneOf` refuses what fits two members; only members that can't both fit make it a plain union. */
  #overlaps(to: JsonValue): boolean {
    const members = (to as JsonSchema | null)?.["oneOf"];
    if (!Array.isArray(members)) return false;
    const nodes = (members as readonly JsonValue[]).map((member) => this.alternatives(member, "to") ?? []);
    return nodes.some((some, index) =>
      nodes.slice(index + 1).some((others) => some.some((a) => others.some((b) => !this.#apart(a, b)))),
    );
  }

  #apart(a: Node, b: Node): boolean {
    const both = new SchemaFit({ ...this.options, from: this.options.to });
    return both.areDisjoint(a, b);
  }
}

const ambiguous: Misfit = {
  path: "",
  kind: "unclear",
  why: "whether a value fits exactly one member of the union can't be told",
};

/** Keywords that are compared one by one. `x-type` decides which alternatives can meet at all. */
const understood: ReadonlySet<string> = new Set(
  (
    "additionalProperties const exclusiveMaximum exclusiveMinimum formats items maxItems maxLength maximum minItems minLength " +
    "minimum multipleOf patterns prefixItems properties propertyNames required type x-type"
  ).split(" "),
);

function kindOf(node: Node): string | undefined {
  const value = node.const;
  if (value === undefined) return node.type === "integer" ? "number" : node.type;
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function constantOf(fit: SchemaFit, schema: JsonValue | undefined): JsonValue | undefined {
  if (schema === undefined) return undefined;
  const [only, ...others] = fit.alternatives(schema, "to") ?? [];
  return others.length === 0 ? only?.const : undefined;
}

function unique(misfits: readonly Misfit[]): readonly Misfit[] {
  return [...new Map(misfits.map((each) => [JSON.stringify(each), each])).values()];
}
