import { AsyncLocalStorage } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import type { SendCall } from "../interceptors/index.ts";
import type { RequestOutcome, Telemetry } from "./telemetry.ts";

/** What measures an app's tasks. Times are seconds. */
export interface Measures {
  /** @param failed the broker doesn't have it */
  sent(taskName: string, kind: SendCall["kind"], failed: boolean): void;
  /** @param waited since it was sent, or since it was due; undefined where its sender doesn't tell */
  began(taskName: string, waited: number | undefined): void;
  ended(taskName: string, outcome: RequestOutcome | "returned", took: number): void;
  /** A message was dead-lettered that is no request: nobody could read it. */
  unreadable(): void;
  foreignVersion(taskName: string): void;
}

/** The header that says when a message was sent, epoch milliseconds as digits. */
const sentAt = "sent-at";

/** Watches an app for what measures it. */
export function measuring(measures: Measures): Required<Pick<Telemetry, "send" | "request" | "ended" | "foreignVersion">> {
  const current = new AsyncLocalStorage<{ outcome: RequestOutcome | undefined }>();
  return {
    send: [
      async (call: SendCall, next) => {
        call.setHeader(sentAt, String(Date.now()));
        try {
          const passed = await next();
          measures.sent(call.taskName, call.kind, false);
          return passed;
        } catch (error) {
          measures.sent(call.taskName, call.kind, true);
          throw error;
        }
      },
    ],
    async request({ taskName, headers, due }, serve) {
      const sent = typeof headers[sentAt] === "string" ? Number(headers[sentAt]) : Number.NaN;
      const from = Math.max(sent, due?.getTime() ?? 0);
      // Clocks differ: what came before it was sent has not waited.
      measures.began(taskName, Number.isFinite(from) ? Math.max(0, (Date.now() - from) / 1000) : undefined);
      const start = performance.now();
      const state: { outcome: RequestOutcome | undefined } = { outcome: undefined };
      try {
        return await current.run(state, serve);
      } finally {
        measures.ended(taskName, state.outcome ?? "returned", (performance.now() - start) / 1000);
      }
    },
    ended(outcome) {
      const state = current.getStore();
      if (state === undefined) measures.unreadable();
      else state.outcome = outcome;
    },
    foreignVersion: (taskName) => measures.foreignVersion(taskName),
  };
}

/** Seconds. Tasks take from milliseconds to an hour. */
export const taskBuckets: readonly number[] = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600];
