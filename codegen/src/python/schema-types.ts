import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import { isList, isObject, referenceOf, schemaAt, schemasAt, textAt } from "./json-keywords.ts";
import { literalType } from "./python-literals.ts";
import { mergedObject } from "./merge-objects.ts";
import { pascalCase } from "./names.ts";
import { anything, generic, named, none, union, type PythonType } from "./type-expression.ts";

/** A class of dictionaries with known keys. */
export interface TypedDict {
  readonly kind: "dict";
  readonly name: string;
  readonly doc: string | undefined;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly type: PythonType;
  readonly doc: string | undefined;
}

/** Another name for a type. */
export interface Alias {
  readonly kind: "alias";
  readonly name: string;
  readonly doc: string | undefined;
  readonly type: PythonType;
}

export type Declaration = TypedDict | Alias;

/** Names of a module that types can come to need. */
export interface TypeNames {
  /** The name of a definition's type. */
  definition(name: string): string;
  /** A name for a type that the contract gives none. */
  claim(name: string): string;
  /** The local name of what the shared module has. */
  shared(name: string): string;
}

/**
 * Python types of the values that JSON Schemas describe, as they are when they have just been read: a tuple is a
 * list, and a Date is a string. What a type can't say is left out, never said wrongly.
 */
export class SchemaTypes {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  readonly #names: TypeNames;
  readonly #declarations: Declaration[] = [];

  constructor(definitions: Readonly<Record<string, JsonSchema>>, names: TypeNames) {
    this.#definitions = definitions;
    this.#names = names;
  }

  /** All that were needed so far; what is inside others comes first. */
  get declarations(): readonly Declaration[] {
    return this.#declarations;
  }

  /** Declares the type of a definition. */
  define(name: string): void {
    const schema = this.#definitions[name] ?? {};
    const local = this.#names.definition(name);
    const doc = textAt(schema, "description");
    const fields = this.#fieldsOf(schema, local);
    if (fields !== undefined) this.#declarations.push({ kind: "dict", name: local, doc, fields });
    else {
      const type = this.of(schema, local);
      // `Nothing = None` would be a variable for type checkers, and no type.
      this.#declarations.push({ kind: "alias", name: local, doc, type: type === none ? generic("Optional", none) : type });
    }
  }

  /** @param hint what to call objects that have no name of their own */
  of(schema: JsonSchema, hint: string): PythonType {
    const reference = referenceOf(schema);
    if (reference !== undefined) {
      return Object.hasOwn(this.#definitions, reference)
        ? { kind: "name", name: this.#names.definition(reference), own: true }
        : anything;
    }
    const special = this.#special(schema, hint);
    if (special !== undefined) return special;
    if (schema["const"] !== undefined) return literalType([schema["const"]]);
    if (isList(schema["enum"])) return literalType(schema["enum"]);
    const alternatives = [...schemasAt(schema, "anyOf"), ...schemasAt(schema, "oneOf")];
    if (alternatives.length > 0) {
      return union(alternatives.map((each, index) => this.of(each, this.#alternativeHint(each, hint, index))));
    }
    if (isList(schema["allOf"])) return this.#intersection(schema, hint);
    const { type } = schema;
    if (isList(type)) return union(type.map((each) => this.#ofType(typeof each === "string" ? each : "", schema, hint)));
    return typeof type === "string" ? this.#ofType(type, schema, hint) : this.#withoutType(schema);
  }

  /** What the schema stands for, behind references. */
  resolve(schema: JsonSchema, trail: readonly string[] = []): JsonSchema {
    const reference = referenceOf(schema);
    if (reference === undefined || trail.includes(reference)) return schema;
    return this.resolve(this.#definitions[reference] ?? {}, [...trail, reference]);
  }

  acceptsNull(schema: JsonSchema): boolean {
    const meant = this.resolve(schema);
    const { type, const: value, enum: values } = meant;
    if (
      type === "null" ||
      value === null ||
      (isList(type) && type.includes("null")) ||
      (isList(values) && values.includes(null))
    ) {
      return true;
    }
    return [...schemasAt(meant, "anyOf"), ...schemasAt(meant, "oneOf")].some((each) => this.acceptsNull(each));
  }

  /** What JavaScript has and JSON doesn't. */
  #special(schema: JsonSchema, hint: string): PythonType | undefined {
    switch (schema["x-type"]) {
      case "Date":
        return named(this.#names.shared("DateTime"));
      case "bigint":
        // Literals are said more exactly than by their kind.
        return schema["enum"] === undefined ? named(this.#names.shared("BigInt")) : undefined;
      case "Uint8Array":
      case "Buffer":
        return named(this.#names.shared("Bytes"));
      case "Map": {
        const [key = {}, value = {}] = schemasAt(schemaAt(schema, "items"), "prefixItems");
        return generic(this.#names.shared("JsonMap"), this.of(key, `${hint}Key`), this.of(value, `${hint}Value`));
      }
      default:
        return undefined;
    }
  }

  #ofType(type: string, schema: JsonSchema, hint: string): PythonType {
    switch (type) {
      case "string":
        return named("str");
      case "integer":
        return named("int");
      case "number":
        return named("float");
      case "boolean":
        return named("bool");
      case "null":
        return none;
      case "array":
        return this.#array(schema, hint);
      default:
        return this.#object(schema, hint);
    }
  }

  /** Schemas without a type accept anything, unless they say that they accept nothing. */
  #withoutType(schema: JsonSchema): PythonType {
    const { not } = schema;
    return isObject(not) && Object.keys(not).length === 0 ? named("NoReturn") : anything;
  }

  /** Python has no type for lists whose places differ: each may be any of them. */
  #array(schema: JsonSchema, hint: string): PythonType {
    const places = schemasAt(schema, "prefixItems");
    const rest = schema["items"];
    const items = places.map((each, index) => this.of(each, `${hint}${index + 1}`));
    if (isObject(rest)) items.push(this.of(rest, `${hint}Item`));
    return generic("List", items.length === 0 ? anything : union(items));
  }

  #object(schema: JsonSchema, hint: string): PythonType {
    const own = this.#fieldsWithNewName(schema, hint);
    if (own !== undefined) return own;
    const values = Object.entries(schemaAt(schema, "properties")).map(([name, each]) => {
      return this.of(isObject(each) ? each : {}, hint + pascalCase(name));
    });
    const { additionalProperties: more } = schema;
    if (isObject(more)) values.push(this.of(more, `${hint}Value`));
    return generic("Dict", this.#keyOf(schema), values.length === 0 ? anything : union(values));
  }

  #keyOf(schema: JsonSchema): PythonType {
    const names = schemaAt(schema, "propertyNames");
    const { enum: values } = this.resolve(names);
    // In JSON every key is a string.
    return isList(values) && values.every((value) => typeof value === "string") ? this.of(names, "") : named("str");
  }

  /** A value of an intersection is one of each member: objects are merged, of other types the first says enough. */
  #intersection(schema: JsonSchema, hint: string): PythonType {
    const merged = mergedObject(schema, (each) => this.resolve(each));
    if (merged !== undefined) return this.#object(merged, hint);
    const { allOf: _, ...rest } = schema;
    const own = this.of(rest, hint);
    if (own !== anything) return own;
    return (
      schemasAt(schema, "allOf")
        .map((each) => this.of(each, hint))
        .find((type) => type !== anything) ?? anything
    );
  }

  #fieldsWithNewName(schema: JsonSchema, hint: string): PythonType | undefined {
    if (!isTypedDict(schema)) return undefined;
    const name = this.#names.claim(hint);
    const fields = this.#fieldsOf(schema, name) ?? [];
    this.#declarations.push({ kind: "dict", name, doc: textAt(schema, "description"), fields });
    return { kind: "name", name, own: true };
  }

  #fieldsOf(schema: JsonSchema, hint: string): readonly Field[] | undefined {
    const object = isList(schema["allOf"]) ? mergedObject(schema, (each) => this.resolve(each)) : schema;
    if (object === undefined || !isTypedDict(object)) return undefined;
    const required: readonly JsonValue[] = isList(object["required"]) ? object["required"] : [];
    return Object.entries(schemaAt(object, "properties")).map(([name, value]) => {
      const property = isObject(value) ? value : {};
      return {
        name,
        required: required.includes(name),
        type: this.of(property, hint + pascalCase(name)),
        doc: textAt(property, "description"),
      };
    });
  }

  /** Members of a union of objects are called by what tells them apart, where they are told apart by a word. */
  #alternativeHint(schema: JsonSchema, hint: string, index: number): string {
    const words = Object.values(schemaAt(schema, "properties")).flatMap((property) => {
      const word = isObject(property) ? property["const"] : undefined;
      return typeof word === "string" && /[\p{L}\p{Nd}]/u.test(word) ? [word] : [];
    });
    return hint + (words.length === 1 ? pascalCase(words[0] ?? "") : String(index + 1));
  }
}

/** Known keys, and nothing that is said of others: a TypedDict may always have more keys than it says. */
function isTypedDict(schema: JsonSchema): boolean {
  if (schema["type"] !== "object" || Object.keys(schemaAt(schema, "properties")).length === 0) return false;
  const { additionalProperties: more } = schema;
  return !isObject(more) || Object.keys(more).length === 0;
}
