import type { ServiceCommand } from "./arguments.ts";
import { paintFor } from "./format.ts";
import { lineLogger } from "./line-logger.ts";
import { starters } from "./services.ts";

/** Serves until SIGTERM, SIGINT, or the end of the process that started this one. Resolves with the exit code. */
export async function runService({ name, settings, quiet }: ServiceCommand): Promise<number> {
  // Whoever reads our output may end before us.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const log = lineLogger({
    level: quiet ? "warn" : "info",
    write: (line) => process.stderr.write(`${line}\n`),
    paint: paintFor(process.stderr),
  });
  const stopped = whenToldToStop();
  const starting = starters[name](settings, log);
  // Still looking for the broker, there is nothing to finish.
  const service = await Promise.race([starting, stopped]);
  if (service === undefined) process.exit(0);
  process.send?.("ready");
  await stopped;
  await service.close();
  if (process.connected) process.disconnect();
  return 0;
}

function whenToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      // Twice means now. What was running is delivered again, to whoever comes next.
      if (signals > 1) process.exit(1);
      resolve();
    };
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, onSignal);
    process.once("disconnect", () => resolve());
  });
}
