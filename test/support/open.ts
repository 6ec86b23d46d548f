import { backendOpener, type BackendOptions, type ResultBackend } from "../../src/dist/backend/index.js";
import { brokerOpener, type Broker, type BrokerOptions } from "../../src/dist/broker/index.js";

// Loaded here, so that tests open them at once: an app loads only what its URLs name.
await Promise.all([
  ...["memory://", "amqp://localhost"].map((url) => brokerOpener([url], {}).load()),
  ...["memory://", "rpc://", "redis://localhost"].map((url) => backendOpener(url).opener.load()),
]);

/** A broker by itself, without an app. */
export function openBroker(urls: string | readonly string[], options: BrokerOptions): Broker {
  const list = typeof urls === "string" ? [urls] : urls;
  const open = brokerOpener(list, options).now;
  if (open === undefined) throw new Error(`No broker is loaded for ${list.join(";")}.`);
  return open(list, options);
}

/** A result backend by itself. */
export function openBackend(url: string, options: BackendOptions): ResultBackend {
  const open = backendOpener(url).opener.now;
  if (open === undefined) throw new Error(`No backend is loaded for ${url}.`);
  return open(url, options);
}
