import type { Duplex } from "node:stream";
import type { ChannelModel } from "amqplib";
import { readProperties } from "../codec/index.ts";

/** What of amqplib's connection object is used here beyond its published types (amqplib 2.3.1, lib/connection.js). */
interface Internals {
  /** Bytes that were received and not yet read. */
  rest: Buffer;
  readonly maxFrameSize: number;
  readonly stream: Duplex;
  /** Seconds, as agreed with the broker; 0 for none. */
  readonly heartbeat?: number;
  readonly muxer: Record<typeof writeReady, (() => void) | undefined>;
  recvFrame?: () => unknown;
}

/** The method that writes what all channels have ready. */
const writeReady = "_readIncoming";

/** A frame that holds a message's properties: AMQP 0-9-1 §2.3.5.2. */
const headerFrame = 2;
const frameEnd = 0xce;
const basicClass = 60;

/**
 * Mends two things in an open connection of amqplib, each by replacing one method of this one object. Should
 * another version of amqplib lack the method, the connection is left as it is; tests hold both effects.
 *
 * Reading: amqplib closes the connection at a header of a type that it doesn't know, such as py-amqp's `L`. The
 * message returns to its queue, and the next connection dies of it too. So frames with properties are read here.
 *
 * Writing: amqplib hands every frame to the socket by itself; without Nagle's algorithm that is a system call and
 * a packet each. Everything that is ready in one turn of the event loop goes out together instead.
 */
export function tuneConnection(model: ChannelModel): void {
  const connection = model.connection as unknown as Internals;
  readTolerantly(connection);
  writeTogether(connection);
}

/** Milliseconds between two heartbeats; 0 where there are none. */
export function heartbeatOf(model: ChannelModel): number {
  return ((model.connection as unknown as Internals).heartbeat ?? 0) * 1000;
}

/** Ends a connection that doesn't answer any more. The error is for amqplib, which would not notice otherwise. */
export function destroyConnection(model: ChannelModel): void {
  (model.connection as unknown as Internals).stream.destroy(new Error("The broker did not answer"));
}

function readTolerantly(connection: Internals): void {
  const { recvFrame } = connection;
  if (recvFrame === undefined) return;
  // amqplib's own method reads from the socket, then calls the replaced one again with more in `rest`.
  connection.recvFrame = () => readHeaderFrame(connection) ?? recvFrame.call(connection);
}

/** The next frame if it is a whole one with properties; anything else, malformed frames too, is left to amqplib. */
function readHeaderFrame(connection: Internals): unknown {
  const { rest } = connection;
  if (rest.length < 8 || rest[0] !== headerFrame) return undefined;
  const size = rest.readUInt32BE(3);
  const end = 7 + size;
  if (size < 14 || (connection.maxFrameSize > 0 && size > connection.maxFrameSize)) return undefined;
  if (rest.length <= end || rest[end] !== frameEnd || rest.readUInt16BE(7) !== basicClass) return undefined;
  connection.rest = rest.subarray(end + 1);
  return {
    id: basicClass,
    channel: rest.readUInt16BE(1),
    size: Number(rest.readBigUInt64BE(11)),
    fields: readProperties(rest, 19, end),
  };
}

function writeTogether({ muxer, stream }: Internals): void {
  const write = muxer[writeReady];
  if (write === undefined) return;
  muxer[writeReady] = () => {
    stream.cork();
    try {
      write.call(muxer);
    } finally {
      stream.uncork();
    }
  };
}
