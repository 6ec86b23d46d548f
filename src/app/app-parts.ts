import type { BackendOptions, ResultBackend } from "../backend/index.ts";
import type { Broker, BrokerOptions, BrokerState } from "../broker/index.ts";
import { createClient, type Client } from "../client/index.ts";
import type { Intercept } from "../interceptors/index.ts";
import type { OpenOnce } from "../once/index.ts";
import { closeAtEnd, Publisher, RevocationLog } from "../outgoing/index.ts";
import { Lazy } from "../peers/index.ts";
import type { CompiledAppOptions } from "./app-options.ts";

const interceptors = new Lazy(() => import("../interceptors/index.ts"));

/** What an app consists of, once it is loaded. */
export interface AppParts {
  readonly broker: Broker;
  readonly backend: ResultBackend;
  readonly publisher: Publisher;
  /** How messages go through the interceptors; undefined where there are none. */
  readonly intercept: Intercept | undefined;
  readonly revocationLog: RevocationLog;
  readonly client: Client;
  /** Called once it is closed. */
  readonly forget: () => void;
}

/** Opens the broker, which starts to connect, and puts everything else around it. */
export function openParts(
  options: CompiledAppOptions,
  onState: (state: BrokerState) => void,
  openBroker: (urls: readonly string[], options: BrokerOptions) => Broker,
  openBackend: (url: string, options: BackendOptions) => ResultBackend,
  openOnce: OpenOnce,
): AppParts {
  const { name, log, publishTimeout, maxPayload, maxPending, maxUnconfirmed, resultExpires, chordExpires } = options;
  const broker = openBroker(options.broker, {
    name,
    log,
    publishTimeout,
    maxPayload,
    maxUnconfirmed,
    tls: options.brokerTls,
    auth: options.brokerAuth,
    retryRefused: options.retryRefused,
    onState,
  });
  onState(broker.state);
  let backend: ResultBackend;
  try {
    backend = openBackend(options.backend, { name, broker, log, resultExpires, chordExpires });
  } catch (error) {
    // It connects already, and would go on as long as the process lives.
    void broker.close();
    throw error;
  }
  const publisher = new Publisher({ broker, chords: backend.chords, log, maxUnconfirmed });
  const revocationLog = new RevocationLog(broker, log);
  const { send } = options.interceptors;
  const intercept: Intercept | undefined =
    send === undefined ? undefined : async (...sending) => (await interceptors.load()).sendThrough(send, ...sending, log);
  const client = createClient({
    broker,
    backend,
    publisher,
    intercept,
    revocationLog,
    openOnce,
    publishTimeout,
    resultExpires,
    maxPending,
  });
  const forget = closeAtEnd(async () => {
    await backend.close();
    await broker.close();
  });
  return { broker, backend, publisher, intercept, revocationLog, client, forget };
}
