import { once } from "node:events";
import { UsageError, type Terminal } from "ligature/cli";
import { listen } from "../listen.ts";
import type { MonitorOptions } from "../monitor-options.ts";
import { DatabaseProblem } from "../store/index.ts";

/** Serves until it is told to stop. Returns the exit code. @throws UsageError */
export async function serveMonitor(
  options: MonitorOptions & { readonly port: number; readonly host: string },
  terminal: Terminal,
): Promise<number> {
  const stop = terminal.stopSignal();
  const running = await listen(options).catch((error: unknown) => {
    if (error instanceof DatabaseProblem || (error as NodeJS.ErrnoException).code?.startsWith("E") === true) {
      throw new UsageError((error as Error).message, { cause: error });
    }
    throw error;
  });
  terminal.out(running.url);
  terminal.err(`Events come from ${new URL(options.broker).host} and are kept in ${describe(options.database)}. Ctrl+C ends it.`);
  if (running.warning !== undefined) terminal.err(running.warning);
  if (!stop.aborted) await once(stop, "abort");
  await running.close();
  return 0;
}

/** Without the password. */
function describe(database: string | undefined): string {
  return database !== undefined && URL.canParse(database) ? new URL(database).host : String(database);
}
