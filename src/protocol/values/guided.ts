import { schemaDef, type SchemaLike } from "../../contract/index.ts";
import { isList, isObject, parseIsoDate } from "../envelope/index.ts";
import { accepts, isJsonOnly, isSchemaLike, lazySchema, readsNullAsAbsent } from "./schema-facts.ts";
import { holdsTypedValue, isTypedValue, readTypedValue } from "./typed-values.ts";

/**
 * Reads JSON as a schema means it, for values, and parts of values, that carry no annotations because Python wrote them: an ISO
 * string becomes a Date for `z.date()`, an integer a bigint for `z.bigint()`, an array a Set, and so on; kombu's typed
 * values are understood everywhere. What needs no reading is returned as it is, the same reference. Nothing is
 * validated, and what makes no sense is left for validation to name.
 *
 * A value that already fits a member of a union is left alone: in `z.union([z.date(), z.string()])` an ISO string
 * stays a string, since a Ligature sender would have annotated a Date.
 */
export function readGuided(json: unknown, schema: SchemaLike | undefined): unknown {
  return new GuidedReading().read(json, schema);
}

type Def = ReturnType<typeof schemaDef>;

class GuidedReading {
  /** Values that were read already, by object and schema: members of a union would read a nested value again and again. */
  readonly #known = new Map<object, Map<SchemaLike, unknown>>();

  read(json: unknown, schema: SchemaLike | undefined): unknown {
    if (schema === undefined) return this.#readAny(json, undefined);
    const def = schemaDef(schema);
    switch (def.type) {
      case "optional":
      case "default":
      case "prefault":
        return json === null && readsNullAsAbsent(schema) ? undefined : this.#readInner(json, def["innerType"]);
      case "nullable":
        return json === null ? null : this.#readInner(json, def["innerType"]);
      case "nonoptional":
      case "readonly":
      case "catch":
      case "success":
        return this.#readInner(json, def["innerType"]);
      case "lazy":
        return this.read(json, lazySchema(def));
      case "pipe":
        return this.#readInner(json, def["in"]);
      case "union":
        return this.#readUnion(json, schema, def);
      case "intersection":
        return this.#readInner(this.#readInner(json, def["left"]), def["right"]);
      case "undefined":
      case "void":
        return json === null ? undefined : json;
      case "date":
        return typeof json === "string" ? readDate(json) : this.#readAny(json, schema);
      case "bigint":
        return this.#readBigint(json, schema);
      case "set":
        return isList(json) ? new Set(this.#readItems(json, () => schemaOf(def["valueType"]))) : json;
      case "map":
        return this.#readMap(json, def);
      case "array":
        return isList(json) ? this.#readItems(json, () => schemaOf(def["element"])) : json;
      case "tuple":
        return this.#readTuple(json, def);
      case "object":
        return this.#readObject(json, def);
      case "record":
        return isObject(json) ? this.#readEntries(json, () => schemaOf(def["valueType"])) : json;
      default:
        return this.#readAny(json, schema);
    }
  }

  /** Where no schema says more, only kombu's typed values are read. */
  #readAny(json: unknown, schema: SchemaLike | undefined): unknown {
    if (typeof json !== "object" || json === null || ArrayBuffer.isView(json)) return json;
    if (isTypedValue(json)) return readTypedValue(json, schema);
    if (isList(json)) return this.#readItems(json, () => undefined);
    return isObject(json) ? this.#readEntries(json, () => undefined) : json;
  }

  #readInner(json: unknown, schema: unknown): unknown {
    return this.read(json, schemaOf(schema));
  }

  #readBigint(json: unknown, schema: SchemaLike): unknown {
    const given = this.#readAny(json, schema);
    // An integer beyond 2^53 has already lost digits in JSON.parse: validation must refuse it, not we round it.
    if (typeof given === "number" && Number.isSafeInteger(given)) return BigInt(given);
    return typeof given === "string" && /^-?\d{1,10000}$/.test(given) ? BigInt(given) : given;
  }

  /** Pairs, as superjson writes a Map, or an object, as Python does. */
  #readMap(json: unknown, def: Def): unknown {
    const keyType = schemaOf(def["keyType"]);
    const valueType = schemaOf(def["valueType"]);
    if (isList(json)) {
      if (!json.every((pair) => isList(pair) && pair.length === 2)) return json;
      return new Map(
        json.flatMap((pair) => (isList(pair) ? [[this.read(pair[0], keyType), this.read(pair[1], valueType)]] : [])),
      );
    }
    if (!isObject(json) || isTypedValue(json) || json instanceof Map) return json;
    const numeric = keyType !== undefined && schemaDef(keyType).type === "number";
    return new Map(
      Object.entries(json).map(([key, value]) => [
        numeric && String(Number(key)) === key ? Number(key) : this.read(key, keyType),
        this.read(value, valueType),
      ]),
    );
  }

  #readTuple(json: unknown, def: Def): unknown {
    const { items, rest } = def;
    if (!isList(json) || !isList(items)) return json;
    return this.#readItems(json, (index) => schemaOf(index < items.length ? items[index] : rest));
  }

  #readObject(json: unknown, def: Def): unknown {
    const { shape, catchall } = def;
    if (!isObject(json) || !isObject(shape)) return json;
    return this.#readEntries(json, (key) => schemaOf(Object.hasOwn(shape, key) ? shape[key] : catchall));
  }

  #readItems(items: readonly unknown[], schemaAt: (index: number) => SchemaLike | undefined): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let index = 0; index < items.length; index++) {
      const read = this.read(items[index], schemaAt(index));
      if (copy === undefined && read !== items[index]) copy = items.slice(0, index);
      copy?.push(read);
    }
    return copy ?? items;
  }

  /** A property that was None and may be absent becomes absent, since `z.exactOptional()` refuses undefined. */
  #readEntries(
    object: Readonly<Record<string, unknown>>,
    schemaOfKey: (key: string) => SchemaLike | undefined,
  ): Readonly<Record<string, unknown>> {
    let changes: Map<string, unknown> | undefined;
    for (const key of Object.keys(object)) {
      const read = this.read(object[key], schemaOfKey(key));
      if (!Object.is(read, object[key])) (changes ??= new Map<string, unknown>()).set(key, read);
    }
    if (changes === undefined) return object;
    // `fromEntries` defines own properties, even one called `__proto__`.
    return Object.fromEntries(
      Object.entries(object).flatMap(([key, value]) => {
        if (!changes.has(key)) return [[key, value]];
        const read = changes.get(key);
        return read === undefined ? [] : [[key, read]];
      }),
    );
  }

  #readUnion(json: unknown, schema: SchemaLike, def: Def): unknown {
    const options = isList(def["options"]) ? def["options"].filter(isSchemaLike) : [];
    const isTyped = holdsTypedValue(json);
    // Nothing but typed values could be read.
    if (!isTyped && isJsonOnly(schema)) return json;
    // As it stands a typed value fits what takes any object, and means none of them.
    const fitting = isTyped ? undefined : options.find((option) => accepts(option, json));
    if (fitting !== undefined) return this.#readOnce(json, fitting);
    for (const option of options) {
      const read = this.#readOnce(json, option);
      if (read !== json && accepts(option, read)) return read;
    }
    return json;
  }

  #readOnce(json: unknown, schema: SchemaLike): unknown {
    if (typeof json !== "object" || json === null) return this.read(json, schema);
    let bySchema = this.#known.get(json);
    if (bySchema === undefined) this.#known.set(json, (bySchema = new Map<SchemaLike, unknown>()));
    if (!bySchema.has(schema)) bySchema.set(schema, this.read(json, schema));
    return bySchema.get(schema);
  }
}

function schemaOf(inner: unknown): SchemaLike | undefined {
  return isSchemaLike(inner) ? inner : undefined;
}

function readDate(text: string): Date | string {
  const time = parseIsoDate(text);
  return time === undefined ? text : new Date(time);
}
