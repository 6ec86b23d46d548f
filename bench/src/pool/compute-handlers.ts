import type { BenchHandlers } from "@ligature/bench-tasks";

/** So many steps take about 20 ms. */
export const stepsPerTask = 4_000_000;

/** Only computes. */
export function compute(steps: number): number {
  let state = 1;
  for (let step = 0; step < steps; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

const handlers: BenchHandlers = {
  note: () => {},
  echo: (steps) => compute(steps),
  echoText: (text) => text,
  echoItem: (item) => item,
  noteItem: () => {},
  recordItem: () => {},
  record: () => {},
};

export default handlers;
