import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { setTimeout as delay } from "node:timers/promises";

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
  const attempts = new AbortController();
  const tooLate = setTimeout(() => attempts.abort(), timeout);
  const attempt = async () => {
    while (!attempts.signal.aborted) {
      try {
        return await answers(url, 1_000);
      } catch {
        await delay(100);
      }
    }
    throw new Error(`no answer within ${timeout / 1000} s`);
  };
  try {
    await Promise.race([attempt(), ended]);
  } finally {
    clearTimeout(tooLate);
    attempts.abort();
    ended.catch(() => {});
  }
}

/** Waits until nothing listens at a URL any more: the kernel may take a moment to clear up after a killed program. */
export async function untilGone(url) {
  for (;;) {
    try {
      await answers(url, 1_000);
    } catch (error) {
      if (error.code === "ECONNREFUSED") return;
    }
    await delay(20);
  }
}
