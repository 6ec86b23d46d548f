import { LigatureError } from "../../../errors/index.ts";
import { brokerHeaders, maxHeaderDepth, type Headers, type HeaderValue } from "../../../protocol/index.ts";

/**
 * Headers as amqplib is to write them: every integer marked as `I` or `l`. Left to itself it writes the smallest
 * type that fits, of which py-amqp 5.1 reads `s` as a string and dies of it (wire format, "Integers in headers").
 * The same object comes back when there is nothing to mark.
 * @throws LigatureError `UNREADABLE` naming the header that AMQP can't carry.
 */
export function writableHeaders(headers: Headers): object {
  const names = Object.keys(headers);
  for (const name of names) {
    const value = headers[name];
    if (name.length > 85) checkName(name, name);
    if ((typeof value !== "string" && typeof value !== "boolean" && value !== null) || brokerHeaders.has(name)) {
      return copyTable(headers, names, undefined, 0);
    }
  }
  return headers;
}

function copyTable(
  table: Readonly<Record<string, HeaderValue>>,
  names: readonly string[],
  header: string | undefined,
  depth: number,
): object {
  const copy: Record<string, unknown> = {};
  for (const name of names) {
    const value = table[name];
    if (value === undefined || (header === undefined && brokerHeaders.has(name))) continue;
    checkName(name, header ?? name);
    const writable = writableValue(value, header ?? name, depth);
    // An assignment to `__proto__` would set the prototype.
    if (name === "__proto__") Object.defineProperty(copy, name, { value: writable, enumerable: true });
    else copy[name] = writable;
  }
  // amqplib takes an own key "!" for its way of naming a type; an inherited one is data to it.
  return header !== undefined && Object.hasOwn(copy, "!") ? (Object.create(copy) as object) : copy;
}

function writableValue(value: unknown, header: string, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return writableNumber(value, header);
    case "object":
      break;
    default:
      return refuse(header, `a value of type ${typeof value} is no header value`);
  }
  if (value === null) return null;
  if (depth >= maxHeaderDepth) refuse(header, `it is nested deeper than ${maxHeaderDepth} levels`);
  if (Array.isArray(value)) return value.map((item: unknown) => writableValue(item, header, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    refuse(header, "only plain objects, arrays, strings, numbers, booleans and null are header values");
  return copyTable(value as Readonly<Record<string, HeaderValue>>, Object.keys(value), header, depth + 1);
}

function writableNumber(value: number, header: string): object {
  if (!Number.isFinite(value)) refuse(header, `${value} is no header value`);
  if (!Number.isInteger(value)) return { "!": "double", value };
  if (value >= -0x80000000 && value < 0x80000000) return { "!": "int", value };
  return { "!": value >= -(2 ** 63) && value < 2 ** 63 ? "long" : "double", value };
}

function checkName(name: string, header: string): void {
  if (Buffer.byteLength(name) > 255) refuse(header, "a name in a header table may have 255 bytes");
}

function refuse(header: string, reason: string): never {
  throw new LigatureError("UNREADABLE", `Header ${JSON.stringify(header.slice(0, 255))} can't be sent: ${reason}.`);
}
