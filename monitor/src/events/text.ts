/** PostgreSQL's text and jsonb take neither NUL nor halves of surrogate pairs. */
const notText = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const notJson = /\\u0000|\\ud[89a-f][0-9a-f]{2}/gi;

/** Text of at most so many characters, or undefined for what is no text, or none. */
export function textOf(value: unknown, limit: number): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const cut = value.length > limit ? `${value.slice(0, limit - 1)}…` : value;
  return cut.replaceAll(notText, "\ufffd");
}

/** Any value as text: what Python sends as a repr, another may send as it is. */
export function anyTextOf(value: unknown, limit: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  return textOf(typeof value === "string" ? value : jsonOf(value, limit * 2), limit);
}

/** JSON of at most so many characters; of what is larger, a note that says so. */
export function jsonOf(value: unknown, limit: number): string | undefined {
  if (value === undefined) return undefined;
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    return undefined;
  }
  if (json === undefined) return undefined;
  return json.length > limit ? `"(${json.length} characters)"` : json.replaceAll(notJson, "\\ufffd");
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A whole number that isn't negative and fits PostgreSQL's integer. */
export function countOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isInteger(number) && number >= 0 && number <= 2_147_483_647 ? number : undefined;
}
