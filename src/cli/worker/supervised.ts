import type { AppHealth } from "../../app/index.ts";
import type { Worker } from "../../worker/index.ts";

/** What a supervisor asks of its processes. */
export interface HealthQuestion {
  readonly ligature: "health";
}

/** What a process tells its supervisor. */
export type Told = { readonly ligature: "ready" } | { readonly ligature: "health"; readonly apps: readonly AppHealth[] };

/** The end of the wire to the supervisor that has started this process. */
export interface SupervisorLink {
  /** Tells the supervisor when these consume; drains them when it goes without a word. */
  attend(workers: readonly Worker[]): void;
  /** Lets the process end. */
  leave(): void;
}

export function obeySupervisor(health: () => readonly AppHealth[]): SupervisorLink {
  let workers: readonly Worker[] = [];
  let isOver = false;
  const tell = (told: Told): void => {
    // The supervisor may be gone; then `disconnect` says so.
    if (process.connected) process.send?.(told, undefined, {}, () => {});
  };
  const onMessage = (message: unknown): void => {
    if (isQuestion(message)) tell({ ligature: "health", apps: health() });
  };
  const onDisconnect = (): void => {
    if (isOver) return;
    // By the way of a signal, so that its second one still aborts.
    process.kill(process.pid, "SIGTERM");
  };
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  return {
    attend(all) {
      workers = all;
      void Promise.all(workers.map((worker) => worker.start())).then(
        () => tell({ ligature: "ready" }),
        () => {},
      );
    },
    leave() {
      isOver = true;
      process.off("message", onMessage);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect();
    },
  };
}

function isQuestion(message: unknown): message is HealthQuestion {
  return typeof message === "object" && message !== null && "ligature" in message && message.ligature === "health";
}
