import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  callsOnly,
  costOf,
  handWritten,
  ligature,
  scratch,
  sizeOf,
  writeConsumer,
  type Cost,
  type Kind,
} from "../../bench/dist/types/index.js";

/**
 * What the compiler spends on a program that calls 1,000 tasks: counts, no times, so that a busy machine changes
 * nothing. After a change that is worth its price: UPDATE_COST=1 npm test -- types
 */
const file = join(import.meta.dirname, "cost.json");
const update = process.env["UPDATE_COST"] === "1";

interface Thresholds {
  /** Of the program with generated code. */
  readonly instantiations: number;
  /** KiB. */
  readonly memory: number;
  /** Its memory, as a multiple of that of a program whose interfaces have nothing but a function for each task. */
  readonly timesCallsOnly: number;
}

let generated: Cost;
let byHand: Cost;
let floor: Cost;

async function measure(kind: Kind): Promise<Cost> {
  using folder = scratch();
  await writeConsumer(folder, kind, sizeOf(1000));
  return await costOf(folder);
}

beforeAll(async () => {
  generated = await measure(ligature);
  byHand = await measure(handWritten);
  floor = await measure(callsOnly);
  if (!update) return;
  const thresholds: Thresholds = {
    instantiations: generated.instantiations,
    memory: Math.ceil(generated.memory * 1.03),
    timesCallsOnly: Math.ceil((generated.memory / floor.memory) * 103) / 100,
  };
  writeFileSync(file, `${JSON.stringify(thresholds, undefined, 2)}\n`);
});

test("generated code costs a caller no more than 1.1 times the same interfaces by hand", () => {
  expect(generated.instantiations).toBeLessThanOrEqual(byHand.instantiations * 1.1);
  expect(generated.memory).toBeLessThanOrEqual(byHand.memory * 1.1);
});

test("nothing made it dearer than it was", () => {
  const thresholds = JSON.parse(readFileSync(file, "utf8")) as Thresholds;
  expect(generated.instantiations).toBeLessThanOrEqual(thresholds.instantiations);
  expect(generated.memory).toBeLessThanOrEqual(thresholds.memory);
  expect(generated.memory / floor.memory).toBeLessThanOrEqual(thresholds.timesCallsOnly);
});
