import type { WorkerHealth } from "../worker/worker-health.ts";

/** How an app is doing, as far as its program knows; nobody is asked. */
export interface AppHealth {
  readonly app: string;
  /**
   * It is connected, the broker takes messages, and each worker that was made consumes. A worker that is not started yet, drains or
   * has stopped isn't ready.
   */
  readonly ready: boolean;
  readonly broker: {
    /** Without credentials. */
    readonly address: string;
    /** What the broker says of itself, once connected: `RabbitMQ 3.10.8`. */
    readonly product: string | undefined;
    readonly connected: boolean;
    /** Why it takes no messages for now: it is low on memory or disk space. */
    readonly blocked: string | undefined;
  };
  readonly workers: readonly WorkerHealth[];
}

/** The broker before its code is loaded. */
export function notOpened(urls: readonly string[]): {
  readonly address: string;
  readonly product: undefined;
  readonly status: { readonly connected: false; readonly blocked: undefined };
} {
  const address = urls
    .flatMap((url) => url.split(";"))
    .map(withoutCredentials)
    .join(", ");
  return { address, product: undefined, status: { connected: false, blocked: undefined } };
}

function withoutCredentials(url: string): string {
  return URL.canParse(url) ? url.replace(/\/\/.*@/, "//").replace(/\?.*$/, "") : "(no URL)";
}
