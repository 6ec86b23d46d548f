/**
 * Any zod 4 schema, constrained structurally: reading `_zod.input` and `_zod.output` costs the type checker
 * a fraction of what `extends z.ZodType` costs, and gives shorter messages (bench/types has the figures).
 */
export interface SchemaLike {
  readonly _zod: { readonly input: unknown; readonly output: unknown };
}

export type InputOf<S extends SchemaLike> = S["_zod"]["input"];
export type OutputOf<S extends SchemaLike> = S["_zod"]["output"];

/** One thing that is wrong with a value, and where. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issues: readonly Issue[] };

/** What zod's core and the Standard Schema interface offer at run time. */
interface RuntimeSchema {
  readonly _zod: { readonly def: SchemaDef };
  readonly "~standard": {
    readonly version: number;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}
interface SchemaDef {
  readonly type: string;
  readonly [key: string]: unknown;
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
      }[];
    };

export function isSchema(value: unknown): value is SchemaLike {
  return typeof value === "object" && value !== null && "_zod" in value && "~standard" in value;
}

/** The runtime definition of a schema: its kind (`object`, `string`, …) and parts. */
export function schemaDef(schema: SchemaLike): SchemaDef {
  return (schema as unknown as RuntimeSchema)._zod.def;
}

/** Parses input to output. Synchronous unless the schema has asynchronous refinements or transforms. */
export function parseWith(schema: SchemaLike, value: unknown): Parsed | Promise<Parsed> {
  const result = (schema as unknown as RuntimeSchema)["~standard"].validate(value);
  return result instanceof Promise ? result.then(toParsed) : toParsed(result);
}

function toParsed(result: StandardResult): Parsed {
  if (result.issues === undefined) return { ok: true, value: result.value };
  return {
    ok: false,
    issues: result.issues.map((issue) => ({
      message: issue.message,
      path: (issue.path ?? []).map((step) => {
        const key = typeof step === "object" ? step.key : step;
        return typeof key === "symbol" ? String(key) : key;
      }),
    })),
  };
}

/** `path[0].name: message`, one line each, at most ten. */
export function formatIssues(issues: readonly Issue[]): string {
  const lines = issues.slice(0, 10).map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
  if (issues.length > 10) lines.push(`… and ${issues.length - 10} more`);
  return lines.join("\n");
}

function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}
