import { canonicalJson, type JsonSchema, type JsonValue } from "../model/json-schema.ts";
import { alternativesOf, isObject, type Node } from "./alternatives.ts";
import { coercionFits } from "./coercion.ts";
import { arrayFits, objectFits } from "./containers.ts";
import { describe } from "./describe.ts";
import { defaultOf, factsFit, isCaught } from "./facts.ts";
import { defaultMisfit, leastOf, type Fit, type FitOptions, type Misfit } from "./misfit.ts";
import { readingFits } from "./reading.ts";
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
    const found = [...this.#compare(from, to), ...this.#defaultChange(from, to)];
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

  /**
   * {@link misfits} of a whole argument or result. Null stands for nothing there, where nothing is accepted and null
   * isn't; what stands for an argument that is left out is compared elsewhere.
   */
  misfitsOfWhole(from: JsonSchema, to: JsonSchema): readonly Misfit[] {
    const whole = (schema: JsonSchema): JsonSchema => {
      const { default: _default, "x-default": _other, "x-prefault": _prefault, ...others } = schema;
      return this.options.travels === "arguments" ? others : schema;
    };
    const { "x-optional": _, ...sent } = whole(from);
    const isOfKey = ({ kind, path, why }: Misfit): boolean => kind === "default" && path === "" && why.startsWith("left out");
    const nothing = this.alternatives(to, "to")?.some((node) => node["x-type"] === "undefined") === true;
    if (!nothing || this.options.level === "types")
      return this.misfits(this.options.travels === "arguments" ? sent : from, whole(to)).filter((each) => !isOfKey(each));
    const nodes = this.alternatives(sent, "from");
    const isNull = (node: Node): boolean => node["x-type"] === undefined && (node.type === "null" || node.const === null);
    if (nodes?.some(isNull) !== true || this.alternatives(to, "to")?.some(isNull) === true)
      return this.misfits(sent, whole(to)).filter((each) => !isOfKey(each));
    const taken = this.alternatives(to, "to") ?? [];
    return unique(nodes.flatMap((node) => (isNull(node) ? [] : this.#oneOf(node, taken))));
  }

  /** Alternatives of what is sent, or of what is taken. */
  alternatives(schema: JsonValue, side: "from" | "to"): readonly Node[] | undefined {
    const { travels, parses = false, level } = this.options;
    // Outputs have their defaults in them; a receiver that parses adds its own.
    const fillsIn = level === "values" && (travels === "arguments" || (side === "to" && parses));
    return alternativesOf(schema, this.options[side], level, fillsIn);
  }

  /** Of what is accepted without a value, whether the same stands for it. */
  #defaultChange(from: JsonValue, to: JsonValue): readonly Misfit[] {
    const { level, travels, from: mine, to: theirs } = this.options;
    if (level === "types" || travels === "results") return [];
    const [before, after] = [defaultOf(from, mine), defaultOf(to, theirs)];
    const mayBeMissing = before !== undefined || (isObject(from) && from["x-optional"] === true);
    return mayBeMissing && before !== after ? [defaultMisfit(before, after)] : [];
  }

  #compare(from: JsonValue, to: JsonValue): readonly Misfit[] {
    const { level, parses = false } = this.options;
    if (parses && level === "values" && isCaught(to, this.options.to)) return [];
    const sent = this.alternatives(from, "from");
    const taken = this.alternatives(to, "to");
    if (sent === undefined || taken === undefined) {
      return [{ path: "", kind: "unclear", why: "these schemas are beyond what can be compared" }];
    }
    const overlap = this.#overlaps(to) ? [ambiguous] : [];
    const same = sent.findIndex((node, index) => canonicalJson(asJson(node)) !== canonicalJson(asJson(taken[index] ?? {})));
    const alike = same < 0 ? Math.min(sent.length, taken.length) : same;
    const misfits = sent.flatMap((node, index) => this.#oneOf(node, taken, index < alike ? index : undefined));
    return misfits.length > 0 ? unique(misfits) : canonicalJson(from) === canonicalJson(to) ? [] : overlap;
  }

  /**
   * A node against a union: one member must take it whole, unless it can be split.
   * @param known the place of the same member, where all members before it are as they were
   */
  #oneOf(node: Node, taken: readonly Node[], known?: number): readonly Misfit[] {
    if (known !== undefined) return this.#nodeFits(node, taken[known] ?? {});
    const possible = taken.filter((each) => !this.areDisjoint(node, each));
    const [only] = possible;
    if (only === undefined) {
      const read =
        this.options.isRead === true && this.options.level === "values" ? taken.map((each) => readingFits(this, node, each)) : [];
      const [reading, second] = read.filter((each) => each !== undefined);
      if (reading !== undefined && second === undefined) return reading;
      return [{ path: "", kind: "refused", why: `${describe([node])} may come, and only ${describe(taken)} is accepted` }];
    }
    const tried = possible.map((each) => this.#nodeFits(node, each));
    const best = leastOf(tried) ?? [];
    if (possible.length === 1) return best;
    if (best.every(({ kind }) => kind === "dropped" || kind === "gone" || kind === "default")) {
      const earlier = possible.slice(0, tried.indexOf(best));
      return this.options.level === "values" && earlier.some((each) => this.#mayChange(node, each))
        ? [{ path: "", kind: "unclear", why: `${describe([node])}: which member of the union takes it can't be told` }]
        : best;
    }
    const parts = this.#split(node, possible);
    if (parts !== undefined) return unique(parts.flatMap((part) => this.#oneOf(part, taken)));
    const why = `${describe([node])}: no member of the union takes it whole (${best.map((misfit) => misfit.why).join("; ")})`;
    const isRefused = tried.every((misfits) => misfits.some(isRefusal));
    return [{ path: "", kind: isRefused ? "refused" : "unclear", why }];
  }

  /** Whether a member that comes first may take a value and make something else of it, as objects drop what they don't know. */
  #mayChange(node: Node, member: Node): boolean {
    const changes = listOfChecks(member).some((check) => check.startsWith("change ")) || member["x-transforms"] !== undefined;
    if (changes || member["x-coerce"] !== undefined || member["x-catch"] !== undefined) return true;
    if (kindOf(member) !== "object" && kindOf(member) !== "array") return false;
    return !(member.required ?? []).some((name) => {
      const given = node.properties?.[name];
      if (given === undefined) return node["additionalProperties"] === undefined || node["additionalProperties"] === false;
      if (node.required?.includes(name) !== true) return false;
      const [sent, taken] = [this.alternatives(given, "from"), this.alternatives(member.properties?.[name] ?? {}, "to")];
      return sent !== undefined && taken !== undefined && sent.every((a) => taken.every((b) => this.areDisjoint(a, b)));
    });
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
    const here = ({ kind, why }: Pick<Misfit, "kind" | "why">): Misfit => ({ path: "", kind, why });
    if (to["x-coerce"] !== undefined) return coercionFits(this, from, to);
    const facts = this.options.level === "values" ? factsFit(this, from, to).map(here) : [];
    const found = this.#keywordsFit(from, to, here);
    return [...(found.some(isRefusal) ? facts.filter(({ kind }) => kind !== "unclear") : facts), ...found];
  }

  #keywordsFit(from: Node, to: Node, here: (each: Pick<Misfit, "kind" | "why">) => Misfit): readonly Misfit[] {
    if (Object.keys(to).every((keyword) => keyword.startsWith("x-") && keyword !== "x-type")) return [];
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
    const keywords = new Set([...Object.keys(to), ...Object.keys(from).filter((name) => name === "patternProperties")]);
    const same = (name: string): boolean => canonicalJson(from[name] ?? null) === canonicalJson(to[name] ?? null);
    return [...keywords]
      .filter((name) => !understood.has(name) && !name.startsWith("x-") && !same(name))
      .map((name) => ({ path: "", kind: "unclear", why: `"${name}" changed, and what that means can't be told` }));
  }

  /** Whether no value fits both, as far as can be seen at once. */
  areDisjoint(from: Node, to: Node): boolean {
    if (takesAnything(from) || takesAnything(to)) return false;
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
  #overlaps(to: JsonValue, trail: readonly string[] = []): boolean {
    if (!isObject(to)) return false;
    const { oneOf, anyOf, allOf, $ref } = to as Readonly<Record<string, JsonValue | undefined>>;
    const parts = [oneOf, anyOf, allOf].flatMap((each) => (Array.isArray(each) ? (each as readonly JsonValue[]) : []));
    if (parts.some((part) => this.#overlaps(part, trail))) return true;
    if (typeof $ref === "string" && !trail.includes($ref)) {
      const definition = this.options.to[$ref.replace("#/$defs/", "")];
      if (definition !== undefined && this.#overlaps(definition, [...trail, $ref])) return true;
    }
    if (!Array.isArray(oneOf)) return false;
    const nodes = (oneOf as readonly JsonValue[]).map((member) => this.alternatives(member, "to") ?? []);
    return nodes.some((some, index) =>
      nodes.slice(index + 1).some((others) => some.some((a) => others.some((b) => !this.#apart(a, b)))),
    );
  }

  #apart(a: Node, b: Node): boolean {
    const both = new SchemaFit({ ...this.options, from: this.options.to });
    // To zod, a Set or a Date is an object, too, if nothing is asked of its keys.
    const takesInstances = (node: Node, other: Node): boolean =>
      node.type === "object" && (node.required ?? []).length === 0 && other["x-type"] !== undefined;
    return both.areDisjoint(a, b) && !takesInstances(a, b) && !takesInstances(b, a);
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

function isRefusal({ kind }: Misfit): boolean {
  return kind === "refused" || kind === "removed";
}

function takesAnything(node: Node): boolean {
  return Object.keys(node).every((keyword) => keyword.startsWith("x-") && keyword !== "x-type");
}

function listOfChecks(node: Node): readonly string[] {
  return (node["x-checks"] ?? []) as readonly string[];
}

function asJson(node: Node): JsonSchema {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined)) as JsonSchema;
}

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
