import type { Done } from "../side.ts";

/** What some work took, of this process and of the clock. */
export interface Measurement {
  readonly count: number;
  readonly seconds: number;
  /** Microseconds of processor time that this process spent per task, all its threads, user and system. */
  readonly cpu: number;
}

export interface Latencies extends Measurement {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

export async function measure(count: number, work: () => Promise<void>): Promise<Measurement> {
  const stop = startMeasuring();
  await work();
  return stop(count);
}

export function startMeasuring(): (count: number) => Measurement {
  const started = performance.now();
  const cpu = process.cpuUsage();
  return (count) => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { count, seconds, cpu: (user + system) / count };
  };
}

/** Starts `count` jobs, at most `limit` of them unfinished at a time; resolves after the last. */
export function inWindow(count: number, limit: number, start: (index: number, done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let started = 0;
    let finished = 0;
    const done: Done = (error) => {
      if (error) return reject(error);
      finished += 1;
      if (finished === count) return resolve();
      fill();
    };
    const fill = (): void => {
      while (started < count && started - finished < limit) start(started++, done);
    };
    fill();
  });
}
