import { parseWith, type Issue, type Parsed, type SchemaLike } from "./schema.ts";

/**
 * Schemas that Ligature makes itself, of those in contracts: the list of a header's results, the items of a map. They
 * look like zod's to whoever walks over schemas; zod itself is the contract packages' affair.
 */
function made(def: Readonly<Record<string, unknown>> & { readonly type: string }, parse: Parse): SchemaLike {
  const validate = (value: unknown): StandardResult | Promise<StandardResult> => {
    const parsed = parse(value);
    return parsed instanceof Promise ? parsed.then(standard) : standard(parsed);
  };
  const schema = {
    _zod: { def, input: undefined, output: undefined },
    "~standard": { version: 1, vendor: "ligature", validate },
  };
  return Object.freeze(schema);
}

type Parse = (value: unknown) => Parsed | Promise<Parsed>;
type StandardResult = { readonly value: unknown } | { readonly issues: readonly Issue[] };

function standard(parsed: Parsed): StandardResult {
  return parsed.ok ? { value: parsed.value } : { issues: parsed.issues };
}

/** Whatever it is. */
export const anything: SchemaLike = made({ type: "unknown" }, (value) => ({ ok: true, value }));

/** What a task without `returns` returns. */
export const nothing: SchemaLike = made({ type: "void" }, () => ({ ok: true, value: undefined }));

/** A list of any length. */
export function listOf(element: SchemaLike): SchemaLike {
  return made({ type: "array", element }, (value) =>
    Array.isArray(value) ? parts(value.map((item: unknown) => parseWith(element, item))) : refused("expected an array"),
  );
}

/** A list of a fixed length. */
export function tupleOf(items: readonly SchemaLike[]): SchemaLike {
  return made({ type: "tuple", items, rest: null }, (value) =>
    Array.isArray(value) && value.length === items.length
      ? parts(items.map((item, index) => parseWith(item, value[index])))
      : refused(`expected an array of ${items.length}`),
  );
}

/** A task's arguments: as a tuple, but trailing ones may be left out where their schemas allow that. */
export function argumentsOf(params: readonly SchemaLike[]): SchemaLike {
  return made({ type: "tuple", items: params, rest: null }, (value) =>
    Array.isArray(value) && value.length <= params.length
      ? parts(params.map((param, index) => parseWith(param, value[index])))
      : refused(`expected an array of at most ${params.length} arguments`),
  );
}

function refused(message: string): Parsed {
  return { ok: false, issues: [{ path: [], message }] };
}

function parts(results: readonly (Parsed | Promise<Parsed>)[]): Parsed | Promise<Parsed> {
  if (!results.some((result) => result instanceof Promise)) return collected(results as readonly Parsed[]);
  return Promise.all(results.map((result) => Promise.resolve(result))).then(collected);
}

function collected(results: readonly Parsed[]): Parsed {
  const issues = results.flatMap((result, index) =>
    result.ok ? [] : result.issues.map((issue) => ({ message: issue.message, path: [index, ...issue.path] })),
  );
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, value: results.map((result) => (result.ok ? result.value : undefined)) };
}
