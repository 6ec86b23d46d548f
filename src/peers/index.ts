/** What is loaded only when it is needed; and packages that only some programs need: who uses what needs one installs it. */
// n.b. not by name: the banner that many give esbuild declares a createRequire, and both would be in one module.
import nodeModule from "node:module";
import { LigatureError } from "../errors/index.ts";

export { Lazy } from "./lazy.ts";

/** What needs a package, for errors, and the version to install: that of `peerDependencies` in package.json. */
const peers = {
  amqplib: { version: "2", user: "A broker at amqp:// or amqps://" },
  ioredis: { version: "6", user: "A result backend or store at redis://, rediss:// or a cluster's URL" },
  "@opentelemetry/api": { version: "1", user: "ligature/otel" },
  "prom-client": { version: "15", user: "ligature/prometheus" },
  piscina: { version: "5", user: 'A worker with execution: "thread"' },
  croner: { version: "11", user: "A schedule with a cron pattern" },
} as const;

export type Peer = keyof typeof peers;

/**
 * Tells at once, where {@link loadPeer} tells the first who waits for it.
 * @throws LigatureError `INVALID_OPTION` when the package isn't installed
 */
export function checkPeer(peer: Peer): void {
  // A bundle has the package in it, or loads it from a place that can't be told from here.
  const { url } = import.meta as { readonly url?: string };
  if (url?.endsWith("/peers/index.js") !== true) return;
  try {
    nodeModule.createRequire(import.meta.url).resolve(peer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") throw missing(peer, error);
  }
}

/** What esbuild puts in place of `require` in an ES module: both packages are CommonJS. */
const withoutRequire = /^Dynamic require of ".*" is not supported$/;

/**
 * @param load `() => import("amqplib")`, spelt out, so that bundlers see it
 * @throws LigatureError `INVALID_OPTION` when the package isn't installed, or can't run in the bundle that it is in
 */
export async function loadPeer<T>(peer: Peer, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") throw missing(peer, error);
    if (error instanceof Error && withoutRequire.test(error.message)) throw unbundled(peer, error);
    throw error;
  }
}

function missing(peer: Peer, cause: unknown): LigatureError {
  const { version, user } = peers[peer];
  return new LigatureError(
    "INVALID_OPTION",
    `${user} needs the package ${peer}, which isn't installed beside ligature. Install it: npm install ${peer}@${version}`,
    { cause },
  );
}

function unbundled(peer: Peer, cause: unknown): LigatureError {
  return new LigatureError(
    "INVALID_OPTION",
    `${peer} is in this bundle, but is CommonJS and has no require in an ES module. Bundle with a banner that makes one ` +
      `(import { createRequire } from "node:module"; const require = createRequire(import.meta.url);), with format "cjs", or with ${peer} as external.`,
    { cause },
  );
}
