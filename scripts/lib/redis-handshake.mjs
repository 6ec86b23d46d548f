import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectSecurely } from "node:tls";

/** Resolves when a Redis answers at a URL and is ready; rejects with the reason when it doesn't. */
export async function answers(url, timeout = 5_000) {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "rediss:";
  const target = { host: hostname.replace(/^\[|\]$/g, "") || "localhost", port: Number(port || 6379) };
  const socket = secure ? connectSecurely({ ...target, rejectUnauthorized: false }) : connect(target);
  const signal = AbortSignal.timeout(timeout);
  try {
    await once(socket, secure ? "secureConnect" : "connect", { signal });
    socket.write("PING\r\n");
    const [reply] = await once(socket, "data", { signal });
    const text = reply.toString("latin1");
    // One that wants a password is ready, too: whoever uses it has that.
    if (!/^(\+PONG|-NOAUTH)/.test(text)) throw new Error(`it says "${text.trim().slice(0, 100)}" in place of PONG`);
  } catch (error) {
    throw error.name === "AbortError" ? new Error(`no answer within ${timeout} ms`, { cause: error }) : error;
  } finally {
    // A socket that is given up may still fail, which nobody needs to hear of.
    socket.on("error", () => {}).destroy();
  }
}
