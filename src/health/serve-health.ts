import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AppHealth } from "../app/index.ts";
import { LigatureError } from "../errors/index.ts";
import { checkKnown, optionsObject, text, wholeNumber, type OptionPlace } from "../options/index.ts";
import { settlesWithin } from "../timing/index.ts";

export interface HealthOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** The address to listen at. Probes come from outside a container. @default "0.0.0.0", or "::" where there is IPv6 */
  readonly host?: string;
}

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
  /** Takes no more probes. Idempotent. */
  close(): Promise<void>;
}

/** What is served at `/readyz`, as JSON. */
export interface Health {
  readonly ready: boolean;
  readonly apps: readonly AppHealth[];
}

/** Something whose health is asked for: an app, or several. */
type Source = { health(): AppHealth };

/** Milliseconds that an answer may take to be collected. */
const patience = 5000;

/**
 * Listens for probes. `/livez` answers 200 as long as the process's event loop turns; `/readyz` answers 200 when all apps are ready and
 * 503 otherwise, with what is missing as JSON. Its port doesn't keep the process alive.
 * @throws LigatureError `INVALID_OPTION` for wrong options, and when the port can't be listened at
 */
export async function serveHealth(apps: Source | readonly Source[], options: HealthOptions): Promise<HealthServer> {
  const sources = Array.isArray(apps) ? (apps as readonly Source[]) : [apps as Source];
  return answerProbes(async () => {
    const all = sources.map((app) => app.health());
    return { ready: all.every(({ ready }) => ready), apps: all };
  }, options);
}

const known = ["port", "host"] satisfies (keyof HealthOptions)[];
const place: OptionPlace = { prefix: "serveHealth(): " };

/** The same for what is found out by asking. One that doesn't answer is neither live nor ready. */
export async function answerProbes(ask: () => Promise<Health>, options: HealthOptions): Promise<HealthServer> {
  optionsObject(options, "serveHealth() needs options: serveHealth(app, { port: 8080 }).");
  checkKnown(options, known, "serveHealth()", place);
  const port = wholeNumber(options.port, "port", place, 0, 65_535);
  const host = options.host === undefined ? undefined : text(options.host, "host", place);
  const server = createServer((request, response) => void answer(request, response, ask));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cantListen(error, port)));
    server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  });
  server.unref();
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close };
}

async function answer(request: IncomingMessage, response: ServerResponse, ask: () => Promise<Health>): Promise<void> {
  const path = request.url?.split("?", 1)[0];
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, 405, { error: "Probes are GET requests." });
  if (path !== "/livez" && path !== "/readyz") return send(response, 404, { error: "There are /livez and /readyz." });
  const asked = ask().catch(() => undefined);
  const health = (await settlesWithin(asked, patience)) ? await asked : undefined;
  if (health === undefined) return send(response, 503, { error: "The workers don't answer." });
  if (path === "/livez") return send(response, 200, { live: true });
  send(response, health.ready ? 200 : 503, health);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}

function cantListen(error: NodeJS.ErrnoException, port: number): LigatureError {
  const why = error.code === "EADDRINUSE" ? "something else listens there" : error.message;
  return new LigatureError("INVALID_OPTION", `The port ${port} can't be used for probes: ${why}.`, { cause: error });
}
