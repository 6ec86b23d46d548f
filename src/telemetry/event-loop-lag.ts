import { monitorEventLoopDelay } from "node:perf_hooks";

/** Milliseconds between two looks. */
const resolution = 20;

/** Measures from now on how late timers are. @returns the longest delay since it was last asked, in seconds */
export function eventLoopLag(): () => number {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return () => {
    const nanoseconds = histogram.count === 0 ? 0 : histogram.max - resolution * 1e6;
    histogram.reset();
    return Math.max(0, nanoseconds / 1e9);
  };
}
