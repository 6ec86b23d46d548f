import { alternativesOf, SchemaFit } from "../schema-fit/index.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { Manifest } from "../manifest/index.ts";
import type { Entry } from "./entries.ts";

interface Value {
  readonly entry: Entry;
  readonly schema: JsonSchema;
  /** Of each form that it may have: the keys that it has for certain, or must have. */
  readonly keys: readonly ReadonlySet<string>[];
}

/**
 * Which tasks take, as their first argument, what a task returns: callbacks that would compile. Only objects count; that
 * a number fits a number means nothing.
 */
export class Fits {
  readonly #children: readonly Value[];
  readonly #fits = new Map<string, SchemaFit>();

  constructor(entries: readonly Entry[]) {
    this.#children = entries.flatMap((entry) => asObject(entry, entry.task.params[0]?.schema ?? null));
  }

  /** In the order of names. */
  callbacksOf(entry: Entry): readonly Entry[] {
    return asObject(entry, entry.task.returns).flatMap((parent) =>
      this.#children.filter((child) => mayFit(parent, child) && this.#fit(parent, child)).map((child) => child.entry),
    );
  }

  #fit(parent: Value, child: Value): boolean {
    return this.#between(parent.entry.manifest, child.entry.manifest).misfits(parent.schema, child.schema).length === 0;
  }

  #between(from: Manifest, to: Manifest): SchemaFit {
    const key = `${from.contract} ${to.contract}`;
    const known = this.#fits.get(key) ?? new SchemaFit({ from: from.$defs, to: to.$defs, level: "values", travels: "results" });
    this.#fits.set(key, known);
    return known;
  }
}

function asObject(entry: Entry, schema: JsonSchema | null): readonly Value[] {
  const forms = schema === null ? undefined : alternativesOf(schema, entry.manifest.$defs, "values");
  if (schema === null || forms === undefined) return [];
  const isObject = forms.length > 0 && forms.every(({ required = [] }) => required.length > 0);
  return isObject ? [{ entry, schema, keys: forms.map(({ required = [] }) => new Set(required)) }] : [];
}

/** A cheap look first: there are as many pairs as tasks squared. */
function mayFit(parent: Value, child: Value): boolean {
  return parent.keys.every((given) => child.keys.some((wanted) => [...wanted].every((key) => given.has(key))));
}
