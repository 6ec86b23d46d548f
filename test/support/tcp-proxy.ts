import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Changes what passes on one connection. A chunk may hold any part of what was sent. */
export type Rewrite = (chunk: Buffer) => Buffer;

const asItIs: Rewrite = (chunk) => chunk;

/** Replaces bytes in passing, given as Latin-1, by as many others. They are expected within one chunk. */
export function replacing(from: string, to: string): Rewrite {
  if (from.length !== to.length) throw new Error("What replaces bytes must be as long as they are.");
  return (chunk) => {
    const at = chunk.indexOf(from, 0, "latin1");
    if (at !== -1) chunk.write(to, at, "latin1");
    return chunk;
  };
}

/** A network between a client and a server that can fail on command. Lives as long as the test that makes it. */
export class TcpProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();
  #server: Server;
  #port = 0;
  /** How many connections were made through it. */
  connections = 0;
  /** Makes, for a new connection, what is applied to all that the server sends on it. */
  toClient: () => Rewrite = () => asItIs;
  /** Makes, for a new connection, what is applied to all that the client sends on it. */
  toServer: () => Rewrite = () => asItIs;
  /** While set, nothing that the server sends arrives. */
  muted = false;

  private constructor(target: URL) {
    this.#target = { host: target.hostname, port: Number(target.port || 5672) };
    this.#server = this.#newServer();
  }

  /** A proxy in front of `url`; it refuses connections until `open`. */
  static async reserve(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(url));
    // The port stays ours for the moment: the system hands out others first.
    await proxy.open();
    await proxy.shut();
    onTestFinished(() => proxy.shut());
    return proxy;
  }

  /** A proxy in front of `url` that lets connections through. */
  static async start(url: string): Promise<TcpProxy> {
    const proxy = await TcpProxy.reserve(url);
    await proxy.open();
    return proxy;
  }

  /** The same URL, through the proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = "127.0.0.1";
    changed.port = String(this.#port);
    return changed.href;
  }

  async open(): Promise<void> {
    this.#server = this.#newServer();
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Breaks every connection, without a word to either side. New ones are let through. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Breaks every connection and refuses new ones. */
  async shut(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, "close") : undefined;
    if (closed !== undefined) this.#server.close();
    this.cut();
    await closed;
  }

  /** Breaks the connection that was made first and refuses new ones; the others stay. */
  shutFirst(): void {
    this.#server.close();
    const [first] = this.#pairs;
    for (const socket of first ?? []) socket.destroy();
  }

  #newServer(): Server {
    return createServer({ noDelay: true }, (client) => {
      this.connections += 1;
      const server = connect({ ...this.#target, noDelay: true });
      const pair = [client, server] as const;
      this.#pairs.add(pair);
      const [toServer, toClient] = [this.toServer(), this.toClient()];
      client.on("data", (chunk) => server.write(toServer(chunk)));
      server.on("data", (chunk) => {
        if (!this.muted) client.write(toClient(chunk));
      });
      for (const [socket, other] of [pair, [server, client]] as const) {
        // A broken connection is what this is for.
        socket.on("error", () => {});
        socket.on("close", () => {
          other.destroy();
          this.#pairs.delete(pair);
        });
      }
    });
  }
}
