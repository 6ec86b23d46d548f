import { ligatureHeaders, type Headers, type HeaderValue } from "../../../protocol/index.ts";

/** Says what is wrong, on a message whose headers could not be read to their end; what was read stays beside it. */
export const damagedHeaders: string = ligatureHeaders.damaged;

/** Deeper tables are an attack on the reader's stack: an empty one takes seven bytes, and a frame has 128 KiB. */
const maxDepth = 32;

const cutOff = "it is cut off";
const tooDeep = `it is nested deeper than ${maxDepth} levels`;

/** What a read leaves off at. */
interface Reader {
  readonly bytes: Buffer;
  offset: number;
  /** What is wrong; once something is, no further value is read. */
  damage: string | undefined;
}

/**
 * Reads a field table of `bytes` that starts at `start`, the four bytes of its length included. Never throws:
 * where amqplib's own reader closes the connection, and with it would for ever, since the message stays in its
 * queue, this one keeps what it has read and sets {@link damagedHeaders}.
 *
 * Values become what {@link HeaderValue} can hold: a timestamp its epoch seconds, a decimal a number, a byte
 * array a string. 64-bit integers beyond 2^53 lose their last digits; NaN and infinities become null.
 */
export function readTable(bytes: Buffer, start: number, end: number): Headers {
  const reader: Reader = { bytes, offset: start, damage: undefined };
  if (start + 4 > end || start + 4 + bytes.readUInt32BE(start) > end) return { [damagedHeaders]: cutOff };
  const headers = readFields(reader, 0);
  if (reader.damage !== undefined) headers[damagedHeaders] = reader.damage;
  return headers;
}

/** The length that the caller checks is the outermost table's; every inner one is checked here. */
function readFields(reader: Reader, depth: number): Record<string, HeaderValue> {
  const { bytes } = reader;
  const fields: Record<string, HeaderValue> = {};
  const end = readEnd(reader);
  while (reader.offset < end && reader.damage === undefined) {
    const nameAt = reader.offset + 1;
    const valueAt = nameAt + (bytes[reader.offset] as number);
    if (valueAt >= end) {
      reader.damage = cutOff;
      break;
    }
    const name = bytes.toString("utf8", nameAt, valueAt);
    reader.offset = valueAt;
    const value = readValue(reader, end, depth);
    if (value === undefined) {
      reader.damage = `${name}: ${reader.damage ?? cutOff}`;
      break;
    }
    // An assignment to `__proto__` would set the prototype.
    if (name === "__proto__")
      Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
    else fields[name] = value;
  }
  return fields;
}

function readArray(reader: Reader, depth: number): HeaderValue[] {
  const values: HeaderValue[] = [];
  const end = readEnd(reader);
  while (reader.offset < end && reader.damage === undefined) {
    const value = readValue(reader, end, depth);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Where the table, array or string ends whose length comes next. */
function readEnd(reader: Reader): number {
  const length = reader.bytes.readUInt32BE(reader.offset);
  reader.offset += 4;
  return reader.offset + length;
}

/**
 * One tagged value, or undefined when it is damaged. The tags are RabbitMQ's, not those of the specification
 * (rabbitmq.com/amqp-0-9-1-errata, "Field types"); `L` is what py-amqp writes for integers from 2^31 on.
 */
function readValue(reader: Reader, end: number, depth: number): HeaderValue | undefined {
  const { bytes } = reader;
  const tag = bytes[reader.offset] as number;
  const size = sizes[tag];
  const at = reader.offset + 1;
  if (size === undefined) return damaged(reader, `unknown type ${JSON.stringify(String.fromCharCode(tag))}`);
  if (at + Math.abs(size) > end || (size === counted && at + 4 + bytes.readUInt32BE(at) > end)) return damaged(reader, cutOff);
  reader.offset = size === counted ? at : at + size;
  switch (tag) {
    case 0x53: // S: long string
    case 0x78: {
      // x: byte array
      const stop = readEnd(reader);
      const text = bytes.toString("utf8", reader.offset, stop);
      reader.offset = stop;
      return text;
    }
    case 0x46: // F: table
      return depth >= maxDepth ? damaged(reader, tooDeep) : readFields(reader, depth + 1);
    case 0x41: // A: array
      return depth >= maxDepth ? damaged(reader, tooDeep) : readArray(reader, depth + 1);
    case 0x56: // V: nothing
      return null;
    case 0x74: // t: boolean
      return bytes[at] !== 0;
    case 0x62: // b
      return bytes.readInt8(at);
    case 0x42: // B
      return bytes.readUInt8(at);
    case 0x73: // s
      return bytes.readInt16BE(at);
    case 0x75: // u
      return bytes.readUInt16BE(at);
    case 0x49: // I
      return bytes.readInt32BE(at);
    case 0x69: // i
      return bytes.readUInt32BE(at);
    case 0x6c: // l
    case 0x4c: // L
      return Number(bytes.readBigInt64BE(at));
    case 0x54: // T: timestamp
      return Number(bytes.readBigUInt64BE(at));
    case 0x44: // D: decimal
      return bytes.readUInt32BE(at + 1) / 10 ** (bytes[at] as number);
    case 0x66: // f
      return finite(bytes.readFloatBE(at));
    default: // d
      return finite(bytes.readDoubleBE(at));
  }
}

/** In place of a size: four bytes with the length of the rest. */
const counted = -4;

/** How many bytes follow a tag, by its character code. */
const sizes: readonly (number | undefined)[] = byCharacterCode({
  V: 0,
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  D: 5,
  d: 8,
  l: 8,
  L: 8,
  T: 8,
  S: counted,
  x: counted,
  F: counted,
  A: counted,
});

function byCharacterCode(table: Readonly<Record<string, number>>): (number | undefined)[] {
  const bySlot = Array.from({ length: 256 }, (): number | undefined => undefined);
  for (const [tag, size] of Object.entries(table)) bySlot[tag.charCodeAt(0)] = size;
  return bySlot;
}

function damaged(reader: Reader, what: string): undefined {
  reader.damage = what;
  return undefined;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
