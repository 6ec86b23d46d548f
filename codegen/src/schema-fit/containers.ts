import type { JsonValue } from "../model/json-schema.ts";
import { isObject, missing, type Node } from "./alternatives.ts";
import { defaultOf, isCaught } from "./facts.ts";
import { defaultMisfit, type Fit, type Misfit } from "./misfit.ts";
import { valueFits } from "./scalars.ts";

function inside(path: string, misfits: readonly Misfit[]): readonly Misfit[] {
  return misfits.map((each) => ({ ...each, path: path + each.path }));
}

export function objectFits(fit: Fit, from: Node, to: Node): readonly Misfit[] {
  const { travels, level } = fit.options;
  const [mine, theirs] = [from.properties ?? {}, to.properties ?? {}];
  const [extra, taken] = [from["additionalProperties"], to["additionalProperties"]];
  const misfits: Misfit[] = [];

  for (const name of to.required ?? []) {
    if (from.required?.includes(name) === true || isFilledIn(fit, theirs[name])) continue;
    const isRemoved = travels === "results" && !Object.hasOwn(mine, name) && !isSchema(extra);
    misfits.push(
      isRemoved
        ? { path: `.${name}`, kind: "removed", why: "it was always there, and never is" }
        : { path: `.${name}`, kind: "refused", why: "it may be missing, and is required" },
    );
  }
  for (const [name, schema] of Object.entries(theirs)) {
    const path = `.${name}`;
    const given = mine[name] ?? (isSchema(extra) && mayBeKey(fit, name, from) ? extra : undefined);
    if (given !== undefined) misfits.push(...inside(path, keyFits(fit, [from, given], [to, schema], name)));
    else if (travels === "results" && level === "types" && !to.required?.includes(name)) {
      misfits.push({ path, kind: "gone", why: "it is never there" });
    }
  }
  for (const [name, schema] of Object.entries(mine)) {
    if (Object.hasOwn(theirs, name)) continue;
    const path = `.${name}`;
    if (taken === false || !mayBeKey(fit, name, to)) misfits.push({ path, kind: "refused", why: "this key is refused" });
    else if (isSchema(taken)) misfits.push(...inside(path, fit.misfits(schema, taken)));
    else if (travels === "arguments") misfits.push({ path, kind: "dropped", why: "this key is ignored" });
  }
  return [...misfits, ...extrasFit(fit, from, to)];
}

/** Of results: whether the receiver, who parses them once more, puts something where nothing is. */
function isFilledIn(fit: Fit, schema: JsonValue | undefined): boolean {
  const { level, parses = false, to } = fit.options;
  if (!parses || level === "types" || schema === undefined) return false;
  return defaultOf(schema, to) !== undefined || isCaught(schema, to);
}

function keyFits(
  fit: Fit,
  [from, given]: readonly [Node, JsonValue],
  [to, taken]: readonly [Node, JsonValue],
  name: string,
): readonly Misfit[] {
  const { level, travels, isRead = false, readsNull = false } = fit.options;
  const [sent, wanted] = [from.required?.includes(name) !== true, to.required?.includes(name) !== true];
  if (level === "types") return fit.misfits(given, taken);
  const misfits: Misfit[] = [];
  const [before, after] = [defaultOf(given, fit.options.from), defaultOf(taken, fit.options.to)];
  if (travels === "arguments" && sent && wanted && before === undefined && after !== undefined) {
    misfits.push(defaultMisfit(before, after));
  }
  // Explicit nothing travels only beside what needs annotations.
  if (sent && wanted && !isRead && isExact(taken) && !isExact(given)) {
    misfits.push({ path: "", kind: "refused", why: "an explicit undefined is refused" });
  }
  const takesNothing = (schema: JsonValue, side: "from" | "to"): boolean =>
    fit.alternatives(schema, side)?.some((node) => node["x-type"] === missing["x-type"]) === true;
  const orNothing = wanted && after === undefined && (readsNull || takesNothing(given, "from")) && !takesNothing(taken, "to");
  const whole: JsonValue = orNothing ? { anyOf: [taken, missing as JsonValue] } : taken;
  return [...misfits, ...fit.misfits(given, whole)];
}

function isExact(schema: JsonValue): boolean {
  return isObject(schema) && schema["x-exact"] === true;
}

/** Keys that aren't declared: a record's, and those that an object lets through. */
function extrasFit(fit: Fit, from: Node, to: Node): readonly Misfit[] {
  const [extra, taken] = [from["additionalProperties"], to["additionalProperties"]];
  const path = "{}";
  if (extra === false || isFullyDeclared(fit, from, to)) return [];
  if (!isSchema(extra)) {
    // Without a word about them, undeclared keys of arguments travel, and are ignored; of results they never travel.
    if (taken === undefined || fit.options.travels === "results" || fit.options.level === "types") return [];
    const misfits = fit.misfits({}, taken);
    return misfits.length === 0 ? [] : [{ path, kind: "refused", why: "undeclared keys were ignored, and are refused" }];
  }
  if (taken === undefined) return [{ path, kind: "dropped", why: "undeclared keys are ignored" }];
  const keys: JsonValue = { type: "string" };
  return [
    ...inside(path, fit.misfits(extra, taken)),
    ...inside(`${path} key`, fit.misfits(from["propertyNames"] ?? keys, to["propertyNames"] ?? keys)),
  ];
}

/** Whether the keys of a record are few and the other side knows each one. */
function isFullyDeclared(fit: Fit, from: Node, to: Node): boolean {
  const names = from["propertyNames"] === undefined ? undefined : fit.alternatives(from["propertyNames"], "from");
  if (names === undefined) return false;
  return names.every((name) => typeof name.const === "string" && Object.hasOwn(to.properties ?? {}, name.const));
}

function isSchema(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== false;
}

function mayBeKey(fit: Fit, name: string, node: Node): boolean {
  const names = node["propertyNames"];
  if (names === undefined) return true;
  const allowed = fit.alternatives(names, "to") ?? [{}];
  return allowed.some((each) => (each.const === undefined ? valueFits(name, each).length === 0 : each.const === name));
}

export function arrayFits(fit: Fit, from: Node, to: Node): readonly Misfit[] {
  const [mine, theirs] = [shapeOf(from), shapeOf(to)];
  const misfits: Misfit[] = [];
  if (mine.least < theirs.least) misfits.push({ path: "", kind: "refused", why: `fewer than ${theirs.least} items are refused` });
  if (mine.most > theirs.most) misfits.push({ path: "", kind: "refused", why: `more than ${theirs.most} items are refused` });
  const places = Math.min(Math.max(mine.first.length, theirs.first.length), mine.most, theirs.most);
  for (let index = 0; index < places; index += 1) {
    misfits.push(...inside(`[${index}]`, fit.misfits(mine.first[index] ?? mine.rest, theirs.first[index] ?? theirs.rest)));
  }
  if (mine.most > places && theirs.most > places) misfits.push(...inside("[]", fit.misfits(mine.rest, theirs.rest)));
  return misfits;
}

interface ArrayShape {
  readonly first: readonly JsonValue[];
  readonly rest: JsonValue;
  readonly least: number;
  readonly most: number;
}

function shapeOf(node: Node): ArrayShape {
  const first = (node["prefixItems"] ?? []) as readonly JsonValue[];
  const rest = node["items"] ?? true;
  const most = typeof node["maxItems"] === "number" ? node["maxItems"] : Infinity;
  return {
    first,
    rest,
    least: typeof node["minItems"] === "number" ? node["minItems"] : 0,
    most: rest === false ? Math.min(most, first.length) : most,
  };
}
