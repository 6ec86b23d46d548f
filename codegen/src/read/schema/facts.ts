import type { JsonValue } from "../../model/json-schema.ts";
import type { Side } from "../../model/type-node.ts";
import { addChecks, append } from "./checks.ts";
import type { ZodSchema } from "./definition.ts";
import { defaultOf, hashOf, sourceOf, textOf } from "./value-text.ts";

type JsonObject = Record<string, JsonValue>;

/**
 * Adds to a JSON Schema what JSON Schema has no keyword for, and what decides all the same which values pass and what
 * becomes of them. docs/decisions/0026 lists the keywords; `ligature breaking` compares them.
 */
export function addFacts(schema: ZodSchema, json: JsonObject, side: Side): void {
  const { def } = schema._zod;
  addChecks(schema, json);
  switch (def.type) {
    case "optional":
      json[isExact(schema) ? "x-exact" : "x-optional"] = true;
      break;
    case "nonoptional":
      delete json["x-optional"];
      break;
    case "default":
    case "prefault": {
      if (json["x-default"] === "computed") json["x-default"] = defaultText(defaultOf(def), "computed");
      else if (!isJson((def as { readonly defaultValue?: unknown }).defaultValue))
        json["x-default"] = defaultText(defaultOf(def));
      if (def.type === "prefault" && side === "input") json["x-prefault"] = true;
      break;
    }
    case "catch": {
      json["x-catch"] = catchText((def as { readonly catchValue?: (context: never) => unknown }).catchValue);
      // zod shows it as the default, and none that stands behind it.
      delete json["x-default"];
      const inner = defaultInside(def.innerType);
      if (inner !== undefined) json["x-default"] = defaultText(defaultOf(inner._zod.def));
      break;
    }
    case "record":
      if (def.mode === "loose" && json["patternProperties"] === undefined) json["x-loose"] = true;
      break;
    case "custom":
      // Of a well-known class, `x-type` says it.
      if (json["x-type"] === undefined && schema._zod.bag?.Class === undefined) addPredicate(json, schema);
      break;
    case "success":
      addTransform(json, side === "input" ? "success" : hashOf(def.innerType));
      break;
    case "transform":
      addTransform(json, hashOf(def.transform));
      break;
    case "pipe":
      addPipe(schema, json, side);
      break;
    default:
  }
}

/** `z.custom<T>()` alone lets everything pass. */
function addPredicate(json: JsonObject, schema: ZodSchema): void {
  const { fn } = schema._zod.def as { readonly fn?: () => unknown };
  if (fn !== undefined && sourceOf(fn) !== "() => true") append(json, [`refine ${hashOf(fn)}`]);
}

/** @param otherwise for a value that isn't a function @default its text */
function defaultText(value: unknown, otherwise?: string): string {
  return typeof value === "function" ? `computed ${hashOf(value)}` : (otherwise ?? textOf(value));
}

function defaultInside(schema: ZodSchema | undefined): ZodSchema | undefined {
  for (let inner = schema; inner !== undefined; inner = inner._zod.def.innerType) {
    const { type } = inner._zod.def;
    if (type === "default" || type === "prefault") return inner;
    if (!["catch", "nullable", "readonly"].includes(type)) return undefined;
  }
  return undefined;
}

function addPipe(schema: ZodSchema, json: JsonObject, side: Side): void {
  const { in: first, out, transform } = schema._zod.def;
  const { truthy, falsy } = (schema._zod.bag ?? {}) as {
    readonly truthy?: readonly string[];
    readonly falsy?: readonly string[];
  };
  if (truthy !== undefined && falsy !== undefined) {
    if (side === "input") append(json, [`stringbool ${[...truthy, ...falsy].join("|")}`]);
    addTransform(json, hashOf(schema));
    return;
  }
  const isPreprocessed = first?._zod.def.type === "transform";
  const unseen = side === "output" ? [first] : isPreprocessed ? [first, out] : [out];
  addTransform(json, hashOf([transform, ...unseen]));
}

function addTransform(json: JsonObject, what: string): void {
  const before = json["x-transforms"];
  json["x-transforms"] = typeof before === "string" ? `${before} ${what}` : what;
}

function catchText(make: ((context: never) => unknown) | undefined): string {
  if (make === undefined) return "";
  // How zod marks the functions that it makes of constants.
  const isConstant =
    (make as { readonly "~constantCatch"?: boolean })["~constantCatch"] === true || sourceOf(make) === "() => value";
  return isConstant ? textOf((make as () => unknown)()) : hashOf(make);
}

function isExact({ _zod }: ZodSchema): boolean {
  return _zod.traits.has("$ZodExactOptional") || _zod.traits.has("ZodExactOptional");
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object") return false;
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (Array.isArray(value)) return value.every(isJson);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}
