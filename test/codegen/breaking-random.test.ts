import { inspect } from "node:util";
import { expect, test } from "vitest";
import { breakingChanges } from "../../codegen/dist/breaking/index.js";
import { randomChange, randomOf, sourceOf, valuesOf } from "./support/changed-schemas.ts";
import { roles, runVersions, Version, versionOf, type Pair } from "./support/run-versions.ts";

/** Others can be tried: CHANGES=10000 SEED=$RANDOM. */
const numRuns = Number(process.env["CHANGES"] ?? 900);
const seed = Number(process.env["SEED"] ?? 1);
const timeout = 240_000 + 100 * numRuns;

/** Tasks of one contract, which one worker serves. */
const batch = 150;

interface Case extends Pair {
  readonly sources: string;
  readonly verdict: "safe" | "breaking" | "unclear";
  readonly why: string;
  /** What one side sends and itself accepts. */
  readonly values: readonly unknown[];
  /** Whether a value is one that a caller means, not one that a catch is for. */
  readonly isMeant: (value: unknown) => boolean;
}

function makeCase(index: number): Case | undefined {
  const random = randomOf(seed * 1_000_003 + index);
  const change = randomChange(random);
  const role = roles[index % roles.length] ?? "params";
  try {
    const [older, newer] = [new Version(sourceOf(change.older)), new Version(sourceOf(change.newer))];
    const found = breakingChanges([{ older: older.manifest(role), newer: newer.manifest(role) }]);
    const onWire = found.filter(({ categories }) => categories?.includes("WIRE"));
    const isBreaking = onWire.some(({ rule }) => rule !== "schema-unclear");
    const sender = role === "params" ? older : newer;
    // Callers don't send what no version of theirs knows: a new key may have any form.
    const isKnown = (value: unknown): boolean => role !== "params" || covers(value, older.schema.safeParse(value).data);
    const strict = versionOf(sourceOf(change.older), false);
    const tried = [0, 1].flatMap(() => [...valuesOf(change.older, random), ...valuesOf(change.newer, random).filter(isKnown)]);
    const values = tried.filter((value) => value !== undefined && sender.schema.safeParse(value).success);
    return {
      role,
      older,
      newer,
      sources: `${role}: ${sourceOf(change.older)} → ${sourceOf(change.newer)}`,
      verdict: onWire.length === 0 ? "safe" : isBreaking ? "breaking" : "unclear",
      why: onWire.map(({ rule, why }) => `${rule}: ${why}`).join(" / "),
      isMeant: (value) => strict.safeParse(value).success,
      values: [...values, ...(role === "params" && older.mayBeMissing ? [undefined] : [])],
    };
  } catch (error) {
    // A schema that zod or Ligature refuses to make is no version of a contract.
    if (process.env["SHOW"] !== undefined) console.log(sourceOf(change.older), sourceOf(change.newer), error);
    return undefined;
  }
}

/** Whether what arrived says all that was sent, in whatever form. */
function covers(sent: unknown, arrived: unknown): boolean {
  if (Object.is(sent, arrived) || ((sent ?? null) === null && (arrived ?? null) === null)) return true;
  if (sent instanceof URL || ArrayBuffer.isView(sent))
    return arrived?.constructor === sent.constructor && inspect(sent) === inspect(arrived);
  if ((sent instanceof Map && !(arrived instanceof Map)) || (sent instanceof Set && !(arrived instanceof Set))) return false;
  const isReadAsSet = Array.isArray(sent) && arrived instanceof Set;
  const [a, b] = [isReadAsSet ? [...new Set(sent)] : plainly(sent), plainly(arrived)];
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => covers(item, b[index]));
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    return Object.entries(a).every(([key, value]) => covers(value, (b as Readonly<Record<string, unknown>>)[key]));
  }
  if (isMoment(a) && isMoment(b)) return Date.parse(String(a)) === Date.parse(String(b));
  return isScalar(a) && isScalar(b) && String(a) === String(b);
}

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function isMoment(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value);
}

/** A Date as its text, a Set as a list, a Map as an object. */
function plainly(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Set) return [...value];
  if (value instanceof Map)
    return [...value.keys()].every((key) => typeof key === "string") ? Object.fromEntries(value) : [...value];
  return value;
}

test(
  `of ${numRuns} random changes (seed ${seed}), those that are called safe are`,
  async () => {
    const count = { safe: 0, breaking: 0, unclear: 0, values: 0, broke: 0, invisible: 0 };
    const wrong: string[] = [];
    for (let from = 0; from < numRuns; from += batch) {
      const cases = Array.from({ length: Math.min(batch, numRuns - from) }, (_, index) => makeCase(from + index)).filter(
        (each) => each !== undefined,
      );
      const { send, close } = await runVersions(cases);
      for (const [index, { verdict, sources, values, older, newer, role, why, isMeant }] of cases.entries()) {
        count[verdict] += 1;
        let broke: string | undefined;
        for (const value of values) {
          count.values += 1;
          const arrived = await send(index, value);
          const meant =
            role === "params"
              ? older.schema.safeParse(value).data
              : role === "returns"
                ? newer.schema.safeParse(value).data
                : value;
          if (!arrived.ok) broke = `refused ${inspect(value, { depth: 9 })}: ${String(arrived.error).slice(0, 300)}`;
          // What a caller's own contract replaces or drops of an answer is as it was.
          else if (role === "params" && isMeant(value) && !covers(meant, arrived.value))
            broke = `made ${inspect(arrived.value, { depth: 9 })} of ${inspect(meant, { depth: 9 })}`;
          if (broke !== undefined) break;
        }
        if (broke !== undefined) count.broke += 1;
        if (verdict === "safe" && broke !== undefined) wrong.push(`${sources}\n  ${broke}`);
        if (verdict === "breaking" && broke === undefined) count.invisible += 1;
        if (process.env["SHOW"] === "unclear" && verdict === "unclear") console.log(`${sources}\n  ${why}`);
        if (process.env["SHOW"] === "strict" && verdict === "breaking" && broke === undefined)
          console.log(`${sources}\n  ${why}`);
      }
      await close();
    }
    const share = count.unclear / (count.safe + count.breaking + count.unclear);
    console.log(
      `seed ${seed}: ${JSON.stringify(count)}, false "safe": ${wrong.length}, can't be judged: ${(share * 100).toFixed(2)} %`,
    );
    // The simplest say most.
    expect(wrong.sort((a, b) => a.length - b.length).slice(0, 20)).toEqual([]);
    expect(share).toBeLessThanOrEqual(0.02);
    // Not by never calling anything safe, nor by breaking nothing.
    expect(Math.min(count.safe, count.broke)).toBeGreaterThan(numRuns / 20);
  },
  timeout,
);
