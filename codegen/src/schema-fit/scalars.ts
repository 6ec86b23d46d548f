import { canonicalJson, type JsonValue } from "../model/json-schema.ts";
import type { Node } from "./alternatives.ts";
import type { Misfit } from "./misfit.ts";
import { witness } from "./witness.ts";

type Complaint = Pick<Misfit, "kind" | "why">;

/** Whether one value, as it stands in a schema, fits a plain schema of another kind than `const`. */
export function valueFits(value: JsonValue, to: Node): readonly Complaint[] {
  if (to.type !== undefined && !isOfType(value, to.type)) {
    return [{ kind: "refused", why: `${JSON.stringify(value)} is no ${to.type}` }];
  }
  if (typeof value === "string") {
    return [
      ...(value.length < number(to, "minLength", 0) || value.length > number(to, "maxLength", Infinity)
        ? [{ kind: "refused", why: `${JSON.stringify(value)} is too short or too long` } as const]
        : []),
      ...(to.patterns ?? []).flatMap((pattern) => patternFits(value, pattern)),
      // What zod checks by format it also says as a pattern.
      ...(to.formats !== undefined && to.patterns === undefined
        ? [{ kind: "unclear", why: `whether ${JSON.stringify(value)} is of format ${to.formats.join(", ")}` } as const]
        : []),
    ];
  }
  if (typeof value === "number") {
    const { lower, upper } = boundsOf(to);
    const inside = above(value, lower) && above(-value, negated(upper));
    const step = to["multipleOf"];
    if (!inside || (typeof step === "number" && !isMultiple(value, step))) {
      return [{ kind: "refused", why: `${value} is out of its bounds` }];
    }
    return [];
  }
  return typeof value === "object" && value !== null ? [{ kind: "unclear", why: `whether ${canonicalJson(value)} fits` }] : [];
}

function patternFits(value: string, pattern: string): readonly Complaint[] {
  try {
    return new RegExp(pattern, "u").test(value)
      ? []
      : [{ kind: "refused", why: `${JSON.stringify(value)} doesn't match ${pattern}` }];
  } catch {
    return [{ kind: "unclear", why: `whether ${JSON.stringify(value)} matches ${pattern}` }];
  }
}

function isOfType(value: JsonValue, type: string): boolean {
  if (value === null) return type === "null";
  if (Array.isArray(value)) return type === "array";
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** What a string's or a number's keywords have against each other. */
export function scalarFits(from: Node, to: Node): readonly Complaint[] {
  return to.type === "string" ? stringFits(from, to) : numberFits(from, to);
}

function stringFits(from: Node, to: Node): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const [least, most] = [number(to, "minLength", 0), number(to, "maxLength", Infinity)];
  if (number(from, "minLength", 0) < least) complaints.push({ kind: "refused", why: `shorter than ${least} is refused` });
  if (number(from, "maxLength", Infinity) > most) complaints.push({ kind: "refused", why: `longer than ${most} is refused` });
  // Of two formats, the one has strings that the other hasn't.
  const formats = everyOf(from.formats, to.formats, "of format");
  complaints.push(...formats.map(({ why }) => ({ kind: "refused", why }) as const));
  // A pattern that comes with a format is that format's, and has been complained about.
  if (complaints.length > 0) return complaints;
  const patterns = everyOf(from.patterns, to.patterns, "that matches");
  const found = patterns.length === 0 ? undefined : witness(from, to);
  return found === undefined
    ? patterns
    : [{ kind: "refused", why: `${JSON.stringify(found)} was accepted, and doesn't match ${(to.patterns ?? []).join(" and ")}` }];
}

function everyOf(from: readonly string[] | undefined, to: readonly string[] | undefined, words: string): readonly Complaint[] {
  const missing = (to ?? []).filter((each) => !(from ?? []).includes(each));
  if (missing.length === 0) return [];
  const only = `only a string ${words} ${missing.join(" and ")} is accepted`;
  if (from === undefined) return [{ kind: "refused", why: only }];
  return [{ kind: "unclear", why: `${only}; whether each one ${words} ${from.join(" and ")} is one can't be told` }];
}

interface Bound {
  readonly value: number;
  readonly exclusive: boolean;
}

function numberFits(from: Node, to: Node): readonly Complaint[] {
  const complaints: Complaint[] = [];
  // z.int() also says the bounds of safe integers; those of a fraction are no news then.
  const isNewlyWhole = to.type === "integer" && from.type !== "integer";
  if (isNewlyWhole) complaints.push({ kind: "refused", why: "fractions are refused" });
  const [mine, theirs] = [boundsOf(from), boundsOf(to)];
  const { lower, upper } = theirs;
  if (!isTighter(mine.lower, lower) && !(isNewlyWhole && lower.value === Number.MIN_SAFE_INTEGER)) {
    complaints.push({ kind: "refused", why: `less than ${lower.value} is refused${lower.exclusive ? ", and that itself" : ""}` });
  }
  if (!isTighter(negated(mine.upper), negated(upper)) && !(isNewlyWhole && upper.value === Number.MAX_SAFE_INTEGER)) {
    complaints.push({ kind: "refused", why: `more than ${upper.value} is refused${upper.exclusive ? ", and that itself" : ""}` });
  }
  const [step, wanted] = [from["multipleOf"], to["multipleOf"]];
  if (typeof wanted === "number" && !(typeof step === "number" && isMultiple(step, wanted))) {
    complaints.push({ kind: "refused", why: `only multiples of ${wanted} are accepted` });
  }
  return complaints;
}

function boundsOf(node: Node): { readonly lower: Bound; readonly upper: Bound } {
  const [minimum, over] = [number(node, "minimum", -Infinity), number(node, "exclusiveMinimum", -Infinity)];
  const [maximum, under] = [number(node, "maximum", Infinity), number(node, "exclusiveMaximum", Infinity)];
  return {
    lower: { value: Math.max(minimum, over), exclusive: over >= minimum && over > -Infinity },
    upper: { value: Math.min(maximum, under), exclusive: under <= maximum && under < Infinity },
  };
}

function negated({ value, exclusive }: Bound): Bound {
  return { value: -value, exclusive };
}

/** Whether everything over the one lower bound is over the other. */
function isTighter(bound: Bound, than: Bound): boolean {
  return bound.value > than.value || (bound.value === than.value && (bound.exclusive || !than.exclusive));
}

function above(value: number, bound: Bound): boolean {
  return bound.exclusive ? value > bound.value : value >= bound.value;
}

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function number(node: Node, keyword: string, fallback: number): number {
  const value = node[keyword];
  return typeof value === "number" ? value : fallback;
}
