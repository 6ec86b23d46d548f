import { shortHash } from "../../model/hash.ts";
import { closureOf } from "./closure.ts";
import { isZodSchema, type ZodSchema } from "./definition.ts";

type AnyFunction = (...args: never[]) => unknown;

/** Beyond that, what a function sees is no longer a constant of its own. */
const mostDepth = 5;
const mostEntries = 100;

/** Keys of definitions that say nothing about which values pass and what becomes of them. */
const irrelevant: ReadonlySet<string> = new Set(["abort", "error", "message", "path", "when"]);

/** A schema, a function or any value as text, the same in every run and on every machine where it does the same. */
export function textOf(value: unknown): string {
  return new Writing().text(value, 0);
}

/** 12 digits that stand for {@link textOf}. */
export function hashOf(value: unknown): string {
  return shortHash(textOf(value));
}

/** A function's source, without its layout. */
export function sourceOf(fn: AnyFunction): string {
  return Function.prototype.toString.call(fn).replaceAll(/\s+/g, " ");
}

/** The value of a default, or the function that makes it. */
export function defaultOf(def: object): unknown {
  const descriptor: object = Object.getOwnPropertyDescriptor(def, "defaultValue") ?? {};
  const getter: unknown = Reflect.get(descriptor, "get");
  if (typeof getter !== "function") return Reflect.get(descriptor, "value");
  const closed = closureOf(getter as AnyFunction, new Set(["defaultValue"])).get("defaultValue");
  return typeof closed === "function" ? closed : (def as { readonly defaultValue: unknown }).defaultValue;
}

class Writing {
  /** On the way from the outermost value to the one that is written now. */
  readonly #around: unknown[] = [];

  text(value: unknown, depth: number): string {
    switch (typeof value) {
      case "bigint":
        return `${value}n`;
      case "string":
        return JSON.stringify(value);
      case "symbol":
        return String(value);
      case "number":
        return Object.is(value, -0) ? "-0" : String(value);
      case "boolean":
      case "undefined":
        return String(value);
      case "function":
        return this.#within(value, () => this.#function(value as AnyFunction, depth));
      case "object":
        if (value === null) return "null";
        return this.#within(value, () => (isZodSchema(value) ? this.#schema(value, depth) : this.#object(value, depth)));
    }
  }

  #within(value: unknown, write: () => string): string {
    const back = this.#around.lastIndexOf(value);
    if (back >= 0) return `^${this.#around.length - back}`;
    this.#around.push(value);
    try {
      return write();
    } finally {
      this.#around.pop();
    }
  }

  #object(value: object, depth: number): string {
    if (value instanceof Date) return `Date(${value.getTime()})`;
    if (value instanceof RegExp || value instanceof URL) return String(value);
    if (depth > mostDepth) return "…";
    const list = (items: Iterable<unknown>): string =>
      [...items]
        .slice(0, mostEntries)
        .map((item) => this.text(item, depth + 1))
        .join();
    if (isModuleLike(value)) return "module";
    if (Array.isArray(value)) return `[${list(value)}]`;
    if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${list(value as unknown as Iterable<unknown>)}]`;
    if (value instanceof Set) return `Set[${list(value)}]`;
    if (value instanceof Map) return `Map[${list(value)}]`;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value.constructor?.name ?? "object";
    return this.#entries(value, depth);
  }

  #entries(value: object, depth: number, without: ReadonlySet<string> = new Set()): string {
    const keys = Object.keys(value).filter((key) => !without.has(key));
    const texts = keys
      .sort()
      .slice(0, mostEntries)
      .map((key) => {
        const part = key === "defaultValue" ? defaultOf(value) : (value as Readonly<Record<string, unknown>>)[key];
        return `${key}:${this.text(part, depth + 1)}`;
      });
    return `{${texts.join()}}`;
  }

  #function(fn: AnyFunction, depth: number): string {
    const source = sourceOf(fn);
    if (depth > mostDepth || source.endsWith("{ [native code] }")) return source;
    const closed = closureOf(fn, namesIn(source));
    const seen = [...closed]
      .filter(([, value]) => value !== fn)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${this.#seen(name, value, source, depth + 1)}`);
    return `${source}${seen.length === 0 ? "" : ` with ${seen.join("; ")}`}`;
  }

  /** Of a module or another large object, only what the function names. */
  #seen(name: string, value: unknown, source: string, depth: number): string {
    if (typeof value !== "object" || value === null || isZodSchema(value) || !isModuleLike(value)) return this.text(value, depth);
    const escaped = name.replaceAll("$", String.raw`\$`);
    const used = [...source.matchAll(new RegExp(String.raw`(?<![\w$.])${escaped}\.([\w$]+)`, "g"))].map(([, key]) => key ?? "");
    const entries = [...new Set(used)].sort().map((key) => {
      const part = (value as Readonly<Record<string, unknown>>)[key];
      // What stands in packages is known by its name.
      return `${key}:${typeof part === "function" && depth > 2 ? sourceOf(part as AnyFunction) : this.text(part, depth + 1)}`;
    });
    return `{${entries.join()}}`;
  }

  #schema({ _zod }: ZodSchema, depth: number): string {
    const { def } = _zod;
    const { truthy, falsy, case: letters } = (_zod.bag ?? {}) as Readonly<Record<string, unknown>>;
    // zod.stringbool() is a codec whose functions hide what they were given.
    if (truthy !== undefined) return `stringbool${this.text([truthy, falsy, letters], 0)}`;
    if (def.type === "lazy" && def.getter !== undefined) return `lazy(${this.text(def.getter(), depth)})`;
    const checks = def.checks?.map((check) => this.check(check)).filter((text) => text !== undefined) ?? [];
    // Schemas end by themselves: only what functions see has to be cut.
    return `${def.type}${this.#entries(def, 0, notInSchemas)}${checks.length === 0 ? "" : `.check(${checks.join()})`}`;
  }

  /** A check as text; undefined for one that checks nothing. */
  check(check: unknown): string | undefined {
    const { def, check: run } = (check as Check)._zod;
    if (def.check === "describe" || def.check === "meta") return undefined;
    if (def.check === "overwrite") return `overwrite(${this.text(def["tx"], 0)})`;
    if (def.check === "custom" && def["fn"] === undefined) return `check(${this.text(givenTo(run), 0)})`;
    return this.#entries(def, 0, irrelevant);
  }
}

const notInSchemas: ReadonlySet<string> = new Set([...irrelevant, "checks", "type", "reverseTransform"]);

interface Check {
  readonly _zod: {
    readonly def: { readonly check: string; readonly [key: string]: unknown };
    readonly check?: AnyFunction;
  };
}

/** {@link textOf} a check of a schema. */
export function checkText(check: unknown): string {
  return new Writing().check(check) ?? "";
}

/** What `.superRefine()` was given stands behind a function of zod's. */
function givenTo(run: AnyFunction | undefined): unknown {
  if (run === undefined || !sourceOf(run).includes(".addIssue =")) return run;
  return closureOf(run, new Set(["fn"])).get("fn") ?? run;
}

function isModuleLike(value: object): boolean {
  if (Object.prototype.toString.call(value) === "[object Module]") return true;
  return Object.getOwnPropertyDescriptor(value, "__esModule") !== undefined || Object.keys(value).length > mostEntries;
}

/** Identifiers that a source mentions; also those of its own variables, which no scope outside has. */
function namesIn(source: string): ReadonlySet<string> {
  return new Set(Array.from(source.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*/g), ([name]) => name));
}
