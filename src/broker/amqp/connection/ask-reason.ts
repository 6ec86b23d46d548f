import { connect as connectPlainly, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { BrokerNode } from "./address.ts";
import { tlsOptions } from "./tls.ts";

/** What amqplib (2.3.1) tells of a broker that closes the connection in place of opening the virtual host: not its reason. */
const withoutReason = /got <ConnectionClose/;

/** Milliseconds. */
const longest = 5000;

/**
 * The error of an attempt to connect, with the broker's own words. Where amqplib keeps them to itself, the node is asked once more.
 */
export async function withReason(error: Error, node: BrokerNode, signal: AbortSignal): Promise<Error> {
  if (!withoutReason.test(error.message)) return error;
  const reason = await askReason(node, AbortSignal.any([signal, AbortSignal.timeout(longest)])).catch(() => undefined);
  return new Error(reason ?? "RabbitMQ closed the connection in place of opening the virtual host; its log says why");
}

/** AMQP 0-9-1 §4.2.3 */
const methodFrame = 1;
const frameEnd = 0xce;
/** Class and method of what the opening of a connection consists of (AMQP 0-9-1 §1.4). */
const methods = {
  start: 0x000a000a,
  startOk: 0x000a000b,
  tune: 0x000a001e,
  tuneOk: 0x000a001f,
  open: 0x000a0028,
  close: 0x000a0032,
};

/** Opens a connection as far as the broker lets it. Resolves with its reason to refuse, or undefined when it doesn't. */
function askReason(node: BrokerNode, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const { host, port, tls } = node;
    const socket: Socket =
      tls === undefined ? connectPlainly({ host, port }) : connectSecurely({ ...tlsOptions(tls, host), host, port });
    const end = (reason: string | undefined): void => {
      socket.destroy();
      signal.removeEventListener("abort", onAbort);
      resolve(reason);
    };
    const onAbort = (): void => end(undefined);
    signal.addEventListener("abort", onAbort);
    let rest = Buffer.alloc(0);
    socket.on("error", onAbort).on("close", onAbort);
    socket.once(tls === undefined ? "connect" : "secureConnect", () => socket.write("AMQP\0\0\t\u0001", "latin1"));
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(3)) {
        const payload = rest.subarray(7, 7 + rest.readUInt32BE(3));
        rest = rest.subarray(8 + payload.length);
        const method = payload.readUInt32BE(0);
        if (method === methods.start) socket.write(frame(methods.startOk, startOk(node)));
        else if (method === methods.tune)
          socket.write(Buffer.concat([frame(methods.tuneOk, tuneOk(payload)), frame(methods.open, open(node))]));
        else return end(method === methods.close ? payload.subarray(7, 7 + payload.readUInt8(6)).toString() : undefined);
      }
    });
  });
}

function frame(method: number, fields: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head.writeUInt8(methodFrame, 0);
  head.writeUInt32BE(4 + fields.length, 3);
  head.writeUInt32BE(method, 7);
  return Buffer.concat([head, fields, Buffer.from([frameEnd])]);
}

function startOk({ auth, username, password }: BrokerNode): Buffer {
  const response = Buffer.from(auth === "external" ? "" : `\0${username}\0${password}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(response.length);
  // No client properties: an empty table.
  return Buffer.concat([Buffer.alloc(4), short(auth.toUpperCase()), length, response, short("en_US")]);
}

/** The broker's own limits, without heartbeats. */
function tuneOk(tune: Buffer): Buffer {
  return Buffer.concat([tune.subarray(4, 10), Buffer.alloc(2)]);
}

function open({ virtualHost }: BrokerNode): Buffer {
  return Buffer.concat([short(virtualHost), short(""), Buffer.alloc(1)]);
}

function short(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
