import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { untilAnswers as untilAny, untilGone as untilNone } from "./answering.mjs";

/** What a client sends first: AMQP 0-9-1. */
const protocolHeader = Buffer.from("AMQP\x00\x00\x09\x01", "latin1");
/** A broker answers with Connection.Start, a method frame (type 1); one of another protocol version with "AMQP". */
const methodFrame = 1;

/** Resolves when an AMQP 0-9-1 broker answers at a URL; rejects with the reason when it doesn't. */
export async function answers(url, timeout = 5_000) {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "amqps:";
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = secure
    ? connectSecurely({ host, port: Number(port || 5671), servername: host, rejectUnauthorized: false })
    : connect({ host, port: Number(port || 5672) });
  const signal = AbortSignal.timeout(timeout);
  try {
    await once(socket, secure ? "secureConnect" : "connect", { signal });
    socket.write(protocolHeader);
    const [first] = await once(socket, "data", { signal });
    if (first[0] !== methodFrame) throw new Error("something other than an AMQP 0-9-1 broker answers there");
  } catch (error) {
    throw error.name === "AbortError" ? new Error(`no answer within ${timeout} ms`, { cause: error }) : error;
  } finally {
    // A socket that is given up may still fail, which nobody needs to hear of.
    socket.on("error", () => {}).destroy();
  }
}

/** Tries until a broker answers. `ended` rejects when there is no use in waiting any longer. */
export async function untilAnswers(url, ended, timeout) {
  await untilAny(() => answers(url, 1_000), ended, timeout);
}

/** Waits until nothing listens at a URL any more. */
export async function untilGone(url) {
  await untilNone(() => answers(url, 1_000));
}
