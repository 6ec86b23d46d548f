import { mayBeMissing, type SchemaLike } from "ligature/contract";
import { isKeyword, keyword, unionOf, type PropNode, type Side, type TypeNode } from "../../model/type-node.ts";
import { isJsonValue, isZodSchema, need, type ZodDef, type ZodSchema } from "./definition.ts";
import { enumValues, instanceType, literalType, templateOf } from "./literal-types.ts";
import { excludeUndefined, makeReadonly } from "./modifiers.ts";
import type { Place } from "./place.ts";

/** What the walk over a schema asks of whoever started it. */
export interface WalkContext {
  /** The id of the exported schema that stands at a place. */
  idOf(schema: ZodSchema, place: Place): string | undefined;
  /** The type behind an id, or undefined while it is still being made. */
  definition(id: string, side: Side): TypeNode | undefined;
  /**
   * Asked for a type that the schema itself doesn't know, because only the compiler does: what a transform
   * returns, for instance. Whoever answers may ask a type checker; nobody may answer `any`.
   */
  opaque(schema: ZodSchema, side: Side, place: Place): TypeNode;
  /** The type that was found, with what only the compiler knows of a schema that looks like an ordinary one: brands. */
  refined(schema: ZodSchema, side: Side, place: Place, type: TypeNode): TypeNode;
  /** The name for any JSON value, whose type contains itself. */
  jsonValue(): TypeNode;
  /** Notes a mistake; the walk goes on, so that all mistakes are found at once. */
  mistake(place: Place, message: string): void;
}

/** The TypeScript type of a schema on one side, exactly as `z.input` and `z.output` would give it, but flat. */
export function typeOf(schema: ZodSchema, side: Side, place: Place, context: WalkContext): TypeNode {
  const id = context.idOf(schema, place);
  if (id !== undefined) return { kind: "named", id, side };
  if (isJsonValue(schema)) return context.jsonValue();
  return contentOf(schema, side, place, context);
}

/** The same for the schema behind a name: its definition instead of its name. */
export function contentOf(schema: ZodSchema, side: Side, place: Place, context: WalkContext): TypeNode {
  if (place.isInside(schema)) {
    context.mistake(
      place,
      `${place.label}: this schema contains itself, and its type needs a name for that. Export it from the contract module as a const.`,
    );
    return keyword("never");
  }
  const type = new Walk(schema, side, place.entering(schema), context).type();
  return context.refined(schema, side, place, type);
}

class Walk {
  readonly #schema: ZodSchema;
  readonly #def: ZodDef;
  readonly #side: Side;
  readonly #place: Place;
  readonly #context: WalkContext;

  constructor(schema: ZodSchema, side: Side, place: Place, context: WalkContext) {
    this.#schema = schema;
    this.#def = schema._zod.def;
    this.#side = side;
    this.#place = place;
    this.#context = context;
  }

  type(): TypeNode {
    const def = this.#def;
    if (def.coerce === true && this.#side === "input") return keyword("unknown");
    switch (def.type) {
      case "string":
      case "number":
      case "boolean":
      case "bigint":
      case "null":
      case "undefined":
      case "void":
      case "never":
      case "any":
      case "unknown":
        return keyword(def.type);
      case "nan":
        return keyword("nan");
      case "int":
        return keyword("number");
      case "date":
        return { kind: "global", name: "Date", args: [] };
      case "literal":
        return unionOf(need(def.values, "literal").map((value) => literalType(value)));
      case "enum":
        return unionOf(enumValues(need(def.entries, "enum")).map((value) => literalType(value)));
      case "template_literal":
        return templateOf(need(def.parts, "template literal"), (part) => this.#of(part, "inner", "output"));
      case "object":
        return this.#object();
      case "array":
        return { kind: "array", element: this.#of(def.element, "element") };
      case "tuple":
        return this.#tuple();
      case "record":
        return this.#record();
      case "map":
        return { kind: "global", name: "Map", args: [this.#of(def.keyType, "key"), this.#of(def.valueType, "value")] };
      case "set":
        return { kind: "global", name: "Set", args: [this.#of(def.valueType, "element")] };
      case "union":
        return unionOf(need(def.options, "union").map((option, index) => this.#of(option, index)));
      case "intersection":
        return { kind: "intersection", members: [this.#of(def.left, 0), this.#of(def.right, 1)] };
      case "lazy":
        return this.#of(need(def.getter, "lazy")(), "inner");
      case "pipe":
        return this.#side === "input" ? this.#of(def.in, "in") : this.#of(def.out, "out");
      case "success":
        return this.#side === "output" ? keyword("boolean") : this.#of(def.innerType, "inner");
      default:
        return this.#wrapped();
    }
  }

  #wrapped(): TypeNode {
    const { type, innerType } = this.#def;
    switch (type) {
      case "optional":
        if (this.#schema._zod.traits.has("$ZodExactOptional")) return this.#of(innerType, "inner");
        return unionOf([this.#of(innerType, "inner"), keyword("undefined")]);
      case "nullable":
        return unionOf([this.#of(innerType, "inner"), keyword("null")]);
      case "default":
        if (this.#side === "output") return this.#defined(this.#of(innerType, "inner"));
        return unionOf([this.#of(innerType, "inner"), keyword("undefined")]);
      case "prefault":
        if (this.#side === "output") return this.#of(innerType, "inner");
        return unionOf([this.#of(innerType, "inner"), keyword("undefined")]);
      case "nonoptional":
        return this.#defined(this.#of(innerType, "inner"));
      case "catch":
        return this.#of(innerType, "inner");
      case "readonly":
        return makeReadonly(this.#of(innerType, "inner"), (id, side) => this.#context.definition(id, side));
      case "custom":
        return instanceType(this.#schema) ?? this.#context.opaque(this.#schema, this.#side, this.#place);
      case "transform":
        return this.#context.opaque(this.#schema, this.#side, this.#place);
      default:
        this.#context.mistake(this.#place, `${this.#place.label}: values of z.${type}() can't travel in a message.`);
        return keyword("never");
    }
  }

  #of(part: ZodSchema | undefined, where: Parameters<Place["part"]>[0], side: Side = this.#side): TypeNode {
    return typeOf(need(part, this.#def.type), side, this.#place.part(where), this.#context);
  }

  #defined(type: TypeNode): TypeNode {
    return excludeUndefined(type, (id, side) => this.#context.definition(id, side));
  }

  #object(): TypeNode {
    const shape = need(this.#def.shape, "object");
    const { catchall } = this.#def;
    const props = Object.keys(shape).map((key): PropNode => {
      const schema = need(shape[key], "object");
      const place = this.#place.prop(key);
      const doc = place.doc() ?? describedAs(schema);
      const origin = place.origin();
      return {
        key,
        type: typeOf(schema, this.#side, place, this.#context),
        optional: mayBeMissing(schema as unknown as SchemaLike, this.#side),
        ...(doc !== undefined && { doc }),
        ...(origin !== undefined && { origin }),
      };
    });
    const others = catchall === undefined || catchall._zod.def.type === "never" ? undefined : this.#of(catchall, "value");
    if (others === undefined) {
      // As zod has it: an object without keys accepts no keys.
      return props.length > 0 ? { kind: "object", props } : mapOf(keyword("string"), keyword("never"));
    }
    const index = mapOf(keyword("string"), others);
    if (props.length === 0) return index;
    // `{ a: string; [key: string]: number }` is no valid type in TypeScript, the intersection is.
    return { kind: "intersection", members: [{ kind: "object", props }, index] };
  }

  #tuple(): TypeNode {
    const items = need(this.#def.items, "tuple");
    // Only a tail can be optional, in TypeScript as in zod.
    const rest = isZodSchema(this.#def.rest) ? this.#of(this.#def.rest, "value") : undefined;
    if (items.length === 0 && rest !== undefined) return { kind: "array", element: rest };
    const required = items.findLastIndex((item) => !mayBeMissing(item as unknown as SchemaLike, this.#side));
    return {
      kind: "tuple",
      items: items.map((item, index) => ({ type: this.#of(item, index), optional: index > required })),
      ...(rest !== undefined && { rest }),
    };
  }

  #record(): TypeNode {
    const valueType = need(this.#def.valueType, "record");
    const keyType = this.#of(this.#def.keyType, "key");
    const optional =
      this.#def.partial === true || (this.#side === "input" && mayBeMissing(valueType as unknown as SchemaLike, "input"));
    const key = keyType.kind === "keyword" && keyType.name === "unknown" ? propertyKey : keyType;
    const value = this.#of(valueType, "value");
    // Of all strings there is none that could be missing; TypeScript adds undefined to the values instead.
    const isWhole = isKeyword(key, "string") || isKeyword(key, "number");
    if (optional && isWhole) return mapOf(key, unionOf([value, keyword("undefined")]));
    return { kind: "record", key, value, optional };
  }
}

const propertyKey: TypeNode = { kind: "global", name: "PropertyKey", args: [] };

function mapOf(key: TypeNode, value: TypeNode): TypeNode {
  return { kind: "record", key, value, optional: false };
}

/** What `.describe()` said, for those who don't write JSDoc. */
export function describedAs(schema: ZodSchema): string | undefined {
  const { description } = schema as { readonly description?: unknown };
  if (typeof description === "string") return description;
  // `z.string().describe("…").optional()`: the wrapper has none of its own.
  const { innerType } = schema._zod.def;
  return innerType === undefined ? undefined : describedAs(innerType);
}
