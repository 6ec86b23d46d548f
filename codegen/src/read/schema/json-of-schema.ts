import type * as z from "zod";
import { equalSides } from "../../model/equal-sides.ts";
import { canonicalJson, sortKeys, type JsonSchema, type JsonValue } from "../../model/json-schema.ts";
import type { Side } from "../../model/type-node.ts";
import { constantOf, wireJson } from "./constants.ts";
import { isJsonValue, need, type ZodDef, type ZodSchema } from "./definition.ts";
import { addFacts } from "./facts.ts";
import { anyForUnnamed, anyJson, inputSuffix, renameRefs, unnamed } from "./json-refs.ts";
import { instanceType } from "./literal-types.ts";
import { withoutOptionalKeys } from "./optional-keys.ts";
import { sizeOf } from "./size-of.ts";
import { wireFormOf } from "./wire-forms.ts";

/** The part of zod that is used: the schemas come from the user's copy, this from the copy that codegen sees. */
export type Zod = typeof z;
type JsonObject = Record<string, JsonValue>;

export interface JsonSchemas {
  /** One per request, in the same order. */
  readonly schemas: readonly JsonSchema[];
  /** Named schemas that are referred to, by name. */
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** Schemas that get a name of their own. */
export interface NamedJsonSchema {
  readonly schema: ZodSchema;
  /** No dots. */
  readonly name: string;
  readonly description?: string | undefined;
}

/** The JSON Schema of a schema whose type only the compiler knows; undefined where nobody has one. */
export type HiddenJson = (schema: ZodSchema, side: Side) => JsonSchema | undefined;

/**
 * JSON Schemas of values as they are on the wire, where superjson's plain part stands: a Date as its ISO
 * string, a Map as a list of pairs. `x-type` says what such a value really is.
 */
export function jsonSchemas(
  zod: Zod,
  requests: readonly { readonly schema: ZodSchema; readonly side: Side }[],
  named: readonly NamedJsonSchema[],
  hidden: HiddenJson,
): JsonSchemas {
  const converted = {
    input: convert(zod, requests, named, hidden, "input"),
    output: convert(zod, requests, named, hidden, "output"),
  };
  const inputs = converted.input.definitions;
  const definitions: Record<string, JsonSchema> = { ...inputs, ...converted.output.definitions };
  // A name stands for the output; `.input` is added only where the input accepts something else.
  const shared = Object.keys(inputs).map((name) => name.slice(0, -inputSuffix.length));
  const same = equalSides(
    shared.filter((name) => name in definitions),
    (name, sameAs) =>
      canonicalJson(renameRefs(need(definitions[name + inputSuffix], "definition"), sameAs)) ===
      canonicalJson(need(definitions[name], "definition")),
  );
  // An input that is only used as input needs no suffix either, unless the output has the name.
  const alone = new Set([...same, ...shared.filter((name) => !(name in definitions))]);
  const kept = Object.entries(definitions).filter(
    ([name]) => !same.has(name.replace(/\.input$/, "")) || !name.endsWith(inputSuffix),
  );
  return {
    schemas: requests.map(({ side }, index) => renameRefs(need(converted[side].schemas[index], "schema"), alone) as JsonSchema),
    definitions: sortKeys(
      Object.fromEntries(
        kept.map(([name, json]) => [
          alone.has(name.replace(/\.input$/, "")) ? name.replace(/\.input$/, "") : name,
          renameRefs(json, alone),
        ]),
      ),
    ) as Record<string, JsonSchema>,
  };
}

function convert(
  zod: Zod,
  requests: readonly { readonly schema: ZodSchema; readonly side: Side }[],
  named: readonly NamedJsonSchema[],
  hidden: HiddenJson,
  side: Side,
): JsonSchemas {
  const conversion = new Conversion(zod, named, hidden, side);
  const wanted = requests.flatMap(({ schema, side: wantedSide }, index) =>
    wantedSide === side ? [[String(index), schema] as const] : [],
  );
  const { properties } = conversion.json(zod.object(Object.fromEntries(wanted) as never) as unknown as ZodSchema);
  return {
    schemas: requests.map((_, index) => (properties as Record<string, JsonSchema>)[String(index)] ?? {}),
    definitions: conversion.definitions(),
  };
}

/** Runs zod's own conversion for one side, and collects the definitions of all its runs. */
class Conversion {
  readonly #zod: Zod;
  readonly #side: Side;
  readonly #hidden: HiddenJson;
  readonly #registry: ReturnType<typeof createRegistry>;
  readonly #definitions = new Map<string, JsonSchema>();

  constructor(zod: Zod, named: readonly NamedJsonSchema[], hidden: HiddenJson, side: Side) {
    this.#zod = zod;
    this.#hidden = hidden;
    this.#side = side;
    this.#registry = createRegistry(zod);
    for (const { schema, name, description } of named) {
      const id = side === "input" ? name + inputSuffix : name;
      this.#registry.add(schema as never, { id, ...(description !== undefined && { description }) });
    }
  }

  definitions(): Record<string, JsonSchema> {
    return Object.fromEntries(this.#definitions);
  }

  json(schema: ZodSchema): JsonObject {
    const {
      $schema: _,
      $defs,
      ...json
    } = this.#zod.toJSONSchema(schema as never, {
      io: this.#side,
      unrepresentable: "any",
      cycles: "ref",
      reused: "inline",
      metadata: this.#registry,
      override: (each) => {
        const part = each.zodSchema as unknown as ZodSchema;
        const said = each.jsonSchema as JsonObject;
        const isCoerced = part._zod.def.coerce === true && this.#side === "input";
        this.#adapt(part, said);
        addFacts(part, said, this.#side);
        // What coercion makes of a value must fit; before it, any value may come.
        if (isCoerced) this.#replace(said, { ...this.#hidden(part, this.#side), "x-coerce": withoutDoc(said) });
      },
    }) as JsonObject;
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonObject>)) {
      const { id: _id, ...rest } = definition;
      if (!unnamed.test(name)) this.#definitions.set(name, withoutOptionalKeys(anyForUnnamed(rest)) as JsonSchema);
    }
    return withoutOptionalKeys(anyForUnnamed(json)) as JsonObject;
  }

  /** A schema inside one that zod doesn't look into. */
  #nested(schema: ZodSchema | undefined, kind: string): JsonSchema {
    const part = need(schema, kind);
    const id = this.#registry.get(part as never)?.id;
    if (id === undefined) return isJsonValue(part) ? anyJson : this.json(part);
    // A schema may contain itself through a Set or a Map: noted before it is looked into.
    if (!this.#definitions.has(id)) {
      this.#definitions.set(id, {});
      this.json(part);
    }
    return { $ref: `#/$defs/${id}` };
  }

  /** Adds what zod can't say in JSON Schema, or says about values in memory instead of on the wire. */
  #adapt(schema: ZodSchema, json: JsonObject): void {
    const { def } = schema._zod;
    switch (def.type) {
      case "object":
        // Unknown keys are dropped on parsing, whichever side sends them.
        if (def.catchall === undefined) delete json["additionalProperties"];
        break;
      case "date":
        Object.assign(json, wireFormOf("Date"));
        break;
      case "bigint":
        Object.assign(json, wireFormOf("bigint"));
        break;
      case "undefined":
      case "void":
        Object.assign(json, wireFormOf("undefined"));
        break;
      case "nan":
        Object.assign(json, wireFormOf("nan"));
        break;
      case "set":
        Object.assign(json, { type: "array", items: this.#nested(def.valueType, def.type), ...sizeOf(schema), "x-type": "Set" });
        break;
      case "map": {
        const pair = [this.#nested(def.keyType, def.type), this.#nested(def.valueType, def.type)];
        Object.assign(json, {
          type: "array",
          items: { type: "array", prefixItems: pair, minItems: 2, maxItems: 2 },
          ...sizeOf(schema),
          "x-type": "Map",
        });
        break;
      }
      case "literal":
        adaptLiteral(def, json);
        break;
      case "custom":
      case "transform":
        Object.assign(json, instanceJson(schema) ?? this.#hidden(schema, this.#side));
        break;
      case "default":
      case "prefault":
      case "catch":
        if (def.type !== "prefault" || this.#side === "input") adaptDefault(def, json);
        break;
      case "pipe":
        // zod looks at what stands behind the function; it is the function that takes what is sent.
        if (this.#side === "input" && def.in?._zod.def.type === "transform") {
          this.#replace(json, this.#hidden(def.in, this.#side) ?? {});
        }
        break;
      default:
    }
  }

  /** All but the name and the documentation. */
  #replace(json: JsonObject, by: JsonSchema): void {
    for (const key of Object.keys(json)) if (key !== "id" && key !== "description") delete json[key];
    Object.assign(json, by);
  }
}

function withoutDoc({ id: _id, description: _description, ...json }: JsonObject): JsonSchema {
  return json;
}

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- its type is zod's to say
function createRegistry(zod: Zod) {
  return zod.registry<{ id: string; description?: string | undefined }>();
}

/** What superjson makes of an instance. */
function instanceJson(schema: ZodSchema): JsonSchema | undefined {
  const type = instanceType(schema);
  return type?.kind === "global" ? wireFormOf(type.name) : undefined;
}

/** A value that a function computes says nothing of the next one; of those it is only said that there are. */
function adaptDefault(def: ZodDef, json: JsonObject): void {
  delete json["default"];
  delete json["x-default"];
  const constant = constantOf(def);
  const value = constant === undefined ? undefined : wireJson(constant.value);
  if (constant === undefined) json["x-default"] = "computed";
  else if (value !== undefined) json["default"] = value;
}

function adaptLiteral({ values = [] }: ZodDef, json: JsonObject): void {
  if (!values.some((value) => typeof value === "bigint" || value === undefined)) return;
  for (const key of Object.keys(json)) delete json[key];
  json["enum"] = values.map((value) => (typeof value === "bigint" ? String(value) : (value ?? null)));
  json["x-type"] = values.some((value) => typeof value === "bigint") ? "bigint" : "undefined";
}
