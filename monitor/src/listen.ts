import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { MonitorOptions } from "./monitor-options.ts";
import { openMonitor, type Monitor } from "./monitor.ts";

export interface ListenOptions extends MonitorOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** An address of this machine. @default "localhost" */
  readonly host?: string | undefined;
}

export interface RunningMonitor {
  readonly monitor: Monitor;
  readonly url: string;
  /** What somebody should know who has started it so. */
  readonly warning: string | undefined;
  close(): Promise<void>;
}

const loopback: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * A monitor with a server of its own. Beyond this machine nobody may act, unless a token or a proxy's header says who it is.
 * @throws DatabaseProblem
 */
export async function listen(options: ListenOptions): Promise<RunningMonitor> {
  const { port, host = "localhost" } = options;
  const isLocal = loopback.includes(host) || host === "::1";
  const isKnown = [options.token, options.lookToken, options.userHeader, options.authenticate].some((each) => each !== undefined);
  const server = createServer();
  // Before the database is opened: a port that is taken is the likelier mistake.
  server.listen(port, host);
  await once(server, "listening");
  try {
    const monitor = await openMonitor({
      ...options,
      readOnly: options.readOnly === true || (!isLocal && !isKnown),
      hosts: options.hosts ?? (isLocal ? loopback : undefined),
    });
    server.on("request", (request, response) => void monitor.listener(request, response));
    const { port: actual } = server.address() as AddressInfo;
    return {
      monitor,
      url: `http://${host === "::1" ? "[::1]" : host}:${actual}${options.base ?? ""}/`,
      warning:
        isLocal || isKnown
          ? undefined
          : "Whoever reaches this address can look at everything, and nobody may act: set MONITOR_TOKEN, or use --user-header behind a proxy.",
      async close() {
        server.close();
        // Pages that listen for changes would never end by themselves.
        server.closeAllConnections();
        await monitor.close();
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}
