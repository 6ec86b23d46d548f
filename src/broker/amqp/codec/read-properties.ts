import type { Headers } from "../../../protocol/index.ts";
import { damagedHeaders, readTable } from "./read-table.ts";

/** A message's properties under amqplib's names; those that Celery's protocol doesn't use are not read. */
export interface ReadProperties {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  headers: Headers | undefined;
  priority: number | undefined;
  correlationId: string | undefined;
  replyTo: string | undefined;
}

/** Which properties follow: a flag each, in their order on the wire (AMQP 0-9-1 §4.2.6.1 and the basic class). */
const has = {
  contentType: 0x8000,
  contentEncoding: 0x4000,
  headers: 0x2000,
  deliveryMode: 0x1000,
  priority: 0x0800,
  correlationId: 0x0400,
  replyTo: 0x0200,
} as const;

/**
 * Reads the property list that starts at `start`: its flags, then the properties. Never throws; damaged headers
 * don't keep it from the correlation id and reply queue behind them, so the sender can still be answered.
 */
export function readProperties(bytes: Buffer, start: number, end: number): ReadProperties {
  const properties: ReadProperties = {
    contentType: undefined,
    contentEncoding: undefined,
    headers: undefined,
    priority: undefined,
    correlationId: undefined,
    replyTo: undefined,
  };
  let offset = start + 2;
  const flags = offset <= end ? bytes.readUInt16BE(start) : 0;
  const readShort = (): string | undefined => {
    const stop = offset + 1 + (bytes[offset] ?? 0);
    const text = stop <= end ? bytes.toString("utf8", offset + 1, stop) : undefined;
    offset = stop;
    return text;
  };
  if (flags & has.contentType) properties.contentType = readShort();
  if (flags & has.contentEncoding) properties.contentEncoding = readShort();
  if (flags & has.headers) {
    properties.headers = readTable(bytes, offset, end);
    offset += offset + 4 <= end ? 4 + bytes.readUInt32BE(offset) : end;
  }
  if (flags & has.deliveryMode) offset += 1;
  if (flags & has.priority) {
    properties.priority = offset < end ? bytes[offset] : undefined;
    offset += 1;
  }
  if (flags & has.correlationId) properties.correlationId = readShort();
  if (flags & has.replyTo) properties.replyTo = readShort();
  if (offset > end) properties.headers = { ...properties.headers, [damagedHeaders]: "the properties are cut off" };
  return properties;
}
