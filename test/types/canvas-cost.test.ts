import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { costOfWorkflow, scratch, workflows } from "../../bench/dist/types/index.js";

/**
 * What the compiler spends on large workflows: counts, no times, so that a busy machine changes nothing. The fixtures hold
 * the types against what they must be. After a change that is worth its price: UPDATE_COST=1 npm test -- types
 */
const file = join(import.meta.dirname, "canvas-cost.json");
const update = process.env["UPDATE_COST"] === "1";
const empty = "nothing composed";
const composed = Object.keys(workflows).filter((name) => name !== empty);

const measured = new Map<string, number>();
let thresholds: Readonly<Record<string, number>>;

beforeAll(async () => {
  for (const [name, program] of Object.entries(workflows)) {
    using folder = scratch();
    const { instantiations } = await costOfWorkflow(folder, program());
    measured.set(name, instantiations);
  }
  if (update) writeFileSync(file, `${JSON.stringify(Object.fromEntries(measured), undefined, 2)}\n`);
  thresholds = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, number>>;
});

test("every workflow has its threshold", () => {
  expect(existsSync(file)).toBe(true);
  expect(Object.keys(thresholds).sort()).toEqual(Object.keys(workflows).sort());
});

test.each(composed)("%s is no dearer than it was", (name) => {
  expect(measured.get(name)).toBeGreaterThan(0);
  expect(measured.get(name)).toBeLessThanOrEqual(thresholds[name] ?? 0);
});

test("checking any of them takes milliseconds", () => {
  // A compiler on a laptop makes some million instantiations in a second.
  for (const [name, instantiations] of measured) expect(instantiations, name).toBeLessThan(20_000);
});
