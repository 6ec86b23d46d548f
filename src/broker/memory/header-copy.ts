import { LigatureError } from "../../errors/index.ts";
import { brokerHeaders, type Headers, type HeaderValue } from "../../protocol/index.ts";

/** As much as a client of RabbitMQ can be relied on to send: amqplib encodes headers into a buffer of 64 KiB. */
const maxHeaderBytes = 65_536;
/** Deeper is a cycle, or an attack on somebody's stack. */
const maxDepth = 32;

/**
 * A deep, frozen copy of a header table.
 *
 * Not header values: NaN and infinities, undefined inside an array, and everything that isn't plain data. An
 * undefined header is left out, as are the broker's own; -0 becomes 0, since AMQP's integers have one zero.
 * @throws LigatureError `UNREADABLE` naming the header; `PAYLOAD_TOO_LARGE` over 64 KiB.
 */
export function copyHeaders(headers: Headers): Headers {
  return copyTable(headers, undefined, { bytes: 0 }, 0);
}

/** @param header the header that the table is part of; undefined for the table of headers itself */
function copyTable(table: object, header: string | undefined, size: { bytes: number }, depth: number): Headers {
  const entries: [string, HeaderValue][] = [];
  for (const [name, value] of Object.entries(table)) {
    if (value === undefined || (header === undefined && brokerHeaders.has(name))) continue;
    const bytes = Buffer.byteLength(name);
    if (bytes > 255) refuse(header ?? name, "a name in a header table may have 255 bytes");
    count(1 + bytes, size);
    entries.push([name, copyValue(value, header ?? name, size, depth)]);
  }
  // fromEntries defines own properties, `__proto__` too, where an assignment would set the prototype.
  return Object.freeze(Object.fromEntries(entries));
}

function copyValue(value: unknown, header: string, size: { bytes: number }, depth: number): HeaderValue {
  if (depth > maxDepth) refuse(header, `it is nested deeper than ${maxDepth} levels`);
  switch (typeof value) {
    case "string":
      count(5 + Buffer.byteLength(value), size);
      return value;
    case "boolean":
      count(2, size);
      return value;
    case "number":
      if (!Number.isFinite(value)) refuse(header, `${value} is no header value`);
      count(9, size);
      return Object.is(value, -0) ? 0 : value;
    case "object":
      break;
    default:
      refuse(header, `a ${typeof value} is no header value`);
  }
  count(5, size);
  if (value === null) return null;
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => copyValue(item, header, size, depth + 1)));
  if (!isPlain(value)) refuse(header, "only plain objects, arrays and scalars are header values");
  return copyTable(value, header, size, depth + 1);
}

/** Made by a literal, in whichever realm, or without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function count(bytes: number, size: { bytes: number }): void {
  size.bytes += bytes;
  if (size.bytes > maxHeaderBytes) {
    throw new LigatureError(
      "PAYLOAD_TOO_LARGE",
      `A message's headers may have ${maxHeaderBytes} bytes together. Put large values into the arguments instead.`,
    );
  }
}

function refuse(header: string, reason: string): never {
  throw new LigatureError("UNREADABLE", `Header ${JSON.stringify(header.slice(0, 255))} can't be sent: ${reason}.`);
}
