/** Python's `isoformat()`: date, optional time with up to nine decimals, optional offset. */
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:(Z|z)|([+-])(\d\d):?(\d\d)(?::?(\d\d))?)?)?$/;

/**
 * Epoch milliseconds of an ISO 8601 date or datetime; undefined for anything else. Microseconds are cut. Without an
 * offset it is UTC, as Celery assumes (celery.utils.time.maybe_make_aware), where `Date.parse` would take local time.
 */
export function parseIsoDate(text: string): number | undefined {
  const match = iso.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  // `Date.UTC` would read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute, second, Number((match[7] ?? "").padEnd(3, "0").slice(0, 3)));
  const offset = (part(10) * 3600 + part(11) * 60 + part(12)) * 1000;
  return date.getTime() - (match[9] === "-" ? -offset : offset);
}

/** With `+00:00`: Python's standard library reads `Z` only since 3.11 (wire facts, JSON serializer). */
export function formatIsoDate(date: Date): string {
  return `${date.toISOString().slice(0, -1)}+00:00`;
}
