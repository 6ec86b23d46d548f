/** `1,234`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `0.4`, `12`, `1,200`: per second. */
export function rate(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : count(value);
}

/** `35 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. @param seconds a span of time */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 0.9995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400) return pair(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  return pair(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `14:03:07` of today, else `Nov 28, 14:03:07`; UTC. */
export function clock(at: number, now: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().split(/[T.Z]/);
  if (new Date(now).toISOString().startsWith(date)) return time;
  const day = new Date(at).toLocaleDateString("en-US", { month: "short", day: "numeric", timeZone: "UTC" });
  return `${day}, ${time}`;
}

/** `5 s ago`. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, (now - at) / 1000);
  return seconds < 1 ? "just now" : `${duration(Math.floor(seconds))} ago`;
}

/** The last name of a path, for narrow places: `processing.processFile` is `processFile`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** A path's part or a query's value. */
export function link(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const entries = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return entries.length === 0 ? path : `${path}?${entries.join("&")}`;
}
