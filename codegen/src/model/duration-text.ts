/** Milliseconds, in the largest unit that needs no more than two digits behind the point. */
export function durationText(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1000],
  ] as const;
  for (const [unit, length] of units) {
    if (ms >= length && (ms * 100) % length === 0) return `${ms / length} ${unit}`;
  }
  return `${ms} ms`;
}
