import { checkParamKey, refuse } from "./names.ts";
import { mayBeMissing } from "./optionality.ts";
import type { Problems } from "./problems.ts";
import { isSchema, schemaDef, type SchemaLike } from "./schema.ts";
import type { TaskOptions } from "./task.ts";

export interface ParamSpec {
  readonly name: string;
  readonly schema: SchemaLike;
  /** A caller may leave it out. */
  readonly optional: boolean;
}

/** Kinds of schema whose values have no JSON or superjson form. */
const untransportable: ReadonlySet<string> = new Set(["file", "function", "symbol", "promise", "never"]);

/** A task's parameters in the order of their keys, which is the order of the arguments. */
export function compileParams(
  params: TaskOptions["params"],
  where: string,
  path: readonly string[],
  problems: Problems,
): readonly ParamSpec[] {
  const schemas = compileSchemas(params, `${where}.params`, [...path, "params"], checkParamKey, problems);
  let optionalBefore: string | undefined;
  const compile = (name: string, schema: SchemaLike, index: number): ParamSpec => {
    const paramPath = [...path, "params", name];
    const { type } = schemaDef(schema);
    if (index === 0 && (type === "undefined" || type === "void")) {
      refuse(
        paramPath,
        `${where}: its first parameter "${name}" accepts nothing that a parent task could return, so .s() could never be linked. Remove it.`,
      );
    }
    const optional = mayBeMissing(schema, "input");
    if (!optional && optionalBefore !== undefined) {
      refuse(
        paramPath,
        `${where}: the required parameter "${name}" can't follow the optional "${optionalBefore}"; arguments are positional.`,
      );
    }
    if (optional) optionalBefore = name;
    return Object.freeze({ name, schema, optional });
  };
  return [...schemas].flatMap(([name, schema], index) => problems.try(() => [compile(name, schema, index)], []));
}

/** An object of schemas, its keys checked one by one. */
export function compileSchemas(
  given: Readonly<Record<string, SchemaLike>> | undefined,
  what: string,
  path: readonly string[],
  checkKey: (key: string, path: readonly string[]) => void,
  problems: Problems,
): ReadonlyMap<string, SchemaLike> {
  const entries = (): readonly [string, unknown][] => {
    if (given !== undefined && (typeof given !== "object" || given === null || Array.isArray(given) || isSchema(given))) {
      refuse(path, `${what} must be an object of schemas: { name: z.string(), … }.`);
    }
    return Object.entries(given ?? {});
  };
  const schemas = new Map<string, SchemaLike>();
  for (const [key, schema] of problems.try(entries, [])) {
    problems.try(() => checkKey(key, [...path, key]), undefined);
    const checked = problems.try(() => transportable(schema, `${what}.${key}`, [...path, key]), undefined);
    if (checked !== undefined) schemas.set(key, checked);
  }
  return schemas;
}

/** A schema whose values can be in a message. What is inside it, codegen looks at. */
export function transportable(value: unknown, what: string, path: readonly string[]): SchemaLike {
  if (!isSchema(value)) refuse(path, `${what} must be a zod 4 schema, got ${value === null ? "null" : typeof value}.`);
  const { type } = schemaDef(value);
  if (untransportable.has(type)) {
    refuse(path, `${what}: values of z.${type}() can't travel in a message, so nothing that anyone sends could fit.`);
  }
  return value;
}
