const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A span of time for people, to a tenth of its unit: `340 ms`, `5.7 min`. */
export function inWords(milliseconds: number): string {
  for (const [unit, length] of units) {
    if (milliseconds >= length) return `${Math.round((milliseconds / length) * 10) / 10} ${unit}`;
  }
  return `${Math.round(milliseconds)} ms`;
}
