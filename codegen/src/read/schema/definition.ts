/**
 * zod 4's schemas as they are at run time (`schema._zod.def`), as far as types are concerned. Written by
 * hand instead of imported from zod: the schemas come from the user's own copy of zod, of any 4.x.
 */
export interface ZodSchema {
  readonly _zod: {
    readonly def: ZodDef;
    readonly traits: ReadonlySet<string>;
    readonly parent?: ZodSchema;
    readonly bag?: { readonly Class?: unknown };
  };
}

export interface ZodDef {
  readonly type: string;
  readonly checks?: readonly { readonly _zod?: { readonly def?: { readonly check?: string } } }[];
  /** Of a default or prefault; made anew each time if a function makes it. */
  readonly defaultValue?: unknown;
  /** Of a catch; a constant, too, is behind a function. */
  readonly catchValue?: (context: unknown) => unknown;
  readonly coerce?: boolean;
  readonly innerType?: ZodSchema;
  readonly getter?: () => ZodSchema;
  readonly element?: ZodSchema;
  readonly shape?: Readonly<Record<string, ZodSchema>>;
  readonly catchall?: ZodSchema;
  readonly keyType?: ZodSchema;
  readonly valueType?: ZodSchema;
  readonly partial?: boolean;
  readonly mode?: "strict" | "loose";
  readonly items?: readonly ZodSchema[];
  readonly rest?: ZodSchema | null;
  readonly options?: readonly ZodSchema[];
  readonly left?: ZodSchema;
  readonly right?: ZodSchema;
  readonly in?: ZodSchema;
  readonly out?: ZodSchema;
  readonly transform?: unknown;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly (string | number | bigint | boolean | null | undefined)[];
  readonly parts?: readonly (ZodSchema | string | number | bigint | boolean | null | undefined)[];
}

export function isZodSchema(value: unknown): value is ZodSchema {
  return typeof value === "object" && value !== null && "_zod" in value;
}

/** A part that a schema of this kind always has. */
export function need<T>(part: T | undefined, kind: string): T {
  if (part === undefined) throw new Error(`This zod ${kind} is built in a way that @ligature/codegen doesn't know.`);
  return part;
}

/** `z.json()`: whatever JSON can hold, as a schema that contains itself and has no name. */
export function isJsonValue(schema: ZodSchema): boolean {
  const { type, getter } = schema._zod.def;
  if (type !== "lazy" || getter === undefined) return false;
  const { options = [] } = getter()._zod.def;
  return options.length === 6 && options[4]?._zod.def.element === schema && options[5]?._zod.def.valueType === schema;
}
