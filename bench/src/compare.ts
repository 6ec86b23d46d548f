import { loadavg } from "node:os";
import { sides, type Side } from "./side.ts";
import { median } from "./statistics.ts";
import type { Environment, Sample, Session, Workload } from "./workload.ts";

/** Both sides, measured one right after the other. */
export type Round = Readonly<Record<Side, Sample>> & {
  /** Of the whole machine, over the last minute. */
  readonly load: number;
};

/** What was measured of one workload. */
export interface Comparison {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** Ligature's value over that of the raw code: of each round by itself, since the machine changes between rounds. */
  readonly ratio: { readonly median: number; readonly lowest: number; readonly highest: number };
  readonly rounds: readonly Round[];
}

/** Warms both sides up, then measures them in turns; who goes first changes from round to round. */
export async function compare(workload: Workload, rounds: number, environment: Environment): Promise<Comparison> {
  const sessions = {} as Record<Side, Session>;
  try {
    for (const side of sides) {
      sessions[side] = await workload.open(side, environment);
      await sessions[side].sample({ warmUp: true });
    }
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? sides : [...sides].reverse();
      const samples = {} as Record<Side, Sample>;
      for (const side of order) samples[side] = await sessions[side].sample({ warmUp: false });
      measured.push({ ...samples, load: loadavg()[0] ?? 0 });
    }
    const ratios = measured.map(({ raw, ligature }) => ligature.value / raw.value);
    const { name, title, unit, better } = workload;
    const ratio = { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
    return { name, title, unit, better, ratio, rounds: measured };
  } finally {
    // What went wrong in a sample says more than what then goes wrong in closing.
    await Promise.allSettled(Object.values(sessions).map((session) => session.close()));
  }
}
