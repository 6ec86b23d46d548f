import type { Logger } from "ligature";
import { serviceNames, type ServiceName, type ServiceSettings } from "./arguments.ts";
import { starters, type RunningServices } from "./services.ts";

/** All services in this process. They share nothing but the broker. */
export async function startEmbedded(settings: ServiceSettings, logOf: (name: ServiceName) => Logger): Promise<RunningServices> {
  const starts = await Promise.allSettled(serviceNames.map((name) => starters[name](settings, logOf(name))));
  const started = starts.filter((start) => start.status === "fulfilled").map((start) => start.value);
  const close = async (): Promise<void> => {
    await Promise.all(started.map((service) => service.close()));
  };
  const failed = starts.find((start) => start.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return { close };
}
