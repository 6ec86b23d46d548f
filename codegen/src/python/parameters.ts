import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import type { ManifestParam } from "../manifest/index.ts";
import { referenceOf, schemasAt } from "./json-keywords.ts";
import { PythonNames, pascalCase, snakeCase } from "./names.ts";
import type { SharedName } from "./module-names.ts";
import type { SchemaTypes } from "./schema-types.ts";
import { named, none, union, type PythonType } from "./type-expression.ts";

/** Values that Python has a type of its own for, and the functions that convert them. */
interface Conversion {
  readonly native: string;
  readonly write: SharedName;
  readonly read: SharedName;
  /** The type of its JSON form already has the other. */
  readonly included?: true;
}

const conversions: Readonly<Record<string, Conversion>> = {
  Date: { native: "datetime", write: "date_time", read: "to_datetime" },
  bigint: { native: "int", write: "big_int", read: "to_int" },
  Uint8Array: { native: "bytes", write: "from_bytes", read: "to_bytes", included: true },
  Buffer: { native: "bytes", write: "from_bytes", read: "to_bytes", included: true },
};

/** What callers and handlers may also give, beside the JSON form. */
export function nativeTypes(conversion: Conversion | undefined): readonly PythonType[] {
  return conversion === undefined || conversion.included === true ? [] : [named(conversion.native)];
}

/** A schema that is of such a value as a whole, or null. */
export function conversionOf(schema: JsonSchema, types: SchemaTypes): Conversion | undefined {
  const meant = types.resolve(schema);
  const alternatives = schemasAt(meant, "anyOf").map((each) => types.resolve(each));
  const [only, ...others] = alternatives.filter(({ type }) => type !== "null");
  const value = alternatives.length === 0 ? meant : others.length === 0 ? only : undefined;
  const kind = value?.["x-type"];
  return typeof kind === "string" && value?.["enum"] === undefined && Object.hasOwn(conversions, kind)
    ? conversions[kind]
    : undefined;
}

export interface PythonParameter {
  /** In Python. */
  readonly name: string;
  /** On the wire. */
  readonly wireName: string;
  /** A caller may leave it out, and all behind it. */
  readonly optional: boolean;
  /** It may be missing from a message. */
  readonly missing: boolean;
  /** A caller may give None. */
  readonly nullable: boolean;
  /** What a parent's result must be to become this argument. */
  readonly arriving: PythonType;
  /** What callers give. */
  readonly accepted: PythonType;
  /** What a handler gets. */
  readonly received: PythonType;
  readonly conversion: Conversion | undefined;
  /** What a handler gets for one that is left out. */
  readonly default: JsonValue | undefined;
}

/** A task's parameters, in both directions. */
export function parametersOf(
  params: readonly ManifestParam[],
  title: string,
  types: SchemaTypes,
  definitions: Readonly<Record<string, JsonSchema>>,
): readonly PythonParameter[] {
  // The functions that convert arguments are called in the same scope.
  const local = new PythonNames(Object.values(conversions).flatMap(({ read, write }) => [read, write]));
  return params.map(({ name, optional, schema }, index): PythonParameter => {
    const type = types.of(schema, title + pascalCase(name));
    const nullable = types.acceptsNull(schema);
    const conversion = conversionOf(schema, types);
    const other = outputOf(schema, definitions);
    const arriving = other === undefined ? type : union([type, types.of(other, title)]);
    const canLeaveOut = optional && params.slice(index).every((each) => each.optional);
    const fallback = optional && conversion === undefined ? schema["default"] : undefined;
    const received = conversion === undefined ? type : union([named(conversion.native), ...(nullable ? [none] : [])]);
    const maybe = (inner: PythonType): PythonType => (optional ? union([inner, none]) : inner);
    return {
      name: local.claim(snakeCase(name), `${snakeCase(name)}_`),
      wireName: name,
      optional: canLeaveOut,
      missing: optional,
      nullable: nullable || optional,
      arriving: maybe(arriving),
      accepted: maybe(union([...nativeTypes(conversion), arriving])),
      received: fallback === undefined ? maybe(received) : received,
      conversion,
      default: fallback,
    };
  });
}

/** The other side of a type whose sides differ: what a task returned may be given to one that takes it. */
function outputOf(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema | undefined {
  const name = referenceOf(schema);
  const output = name?.endsWith(".input") === true ? name.slice(0, -".input".length) : undefined;
  return output !== undefined && Object.hasOwn(definitions, output) ? { $ref: `#/$defs/${output}` } : undefined;
}
