import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import type { TaskMessage } from "../../protocol/index.ts";
import type { Answers } from "../answers/index.ts";
import type { Taken } from "./taken.ts";

/** What {@link runOnce} needs of a request. */
interface OnceTools {
  readonly answers: Answers;
  readonly delivery: Taken;
  /** Aborted when the worker shuts down. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Runs a request of a send that runs once, if that is for this delivery to do. In any case it is settled. */
export async function runOnce(
  message: TaskMessage,
  tools: OnceTools,
  { run, reject }: { readonly run: () => Promise<void>; readonly reject: (error: LigatureError) => Promise<void> },
): Promise<void> {
  try {
    if (await begins(message, tools)) await run();
  } catch (error) {
    if (!(error instanceof LigatureError) || error.code !== "STORE_MISSING") throw error;
    await reject(error);
  } finally {
    await tools.answers.leave();
  }
}

async function begins({ task, id }: TaskMessage, { answers, delivery, signal, log }: OnceTools): Promise<boolean> {
  const begun = await answers.begin(signal);
  switch (begun.kind) {
    case "run":
      return true;
    case "done":
      log.info({ task, id }, "a request that had ended was delivered again; what it owes is sent again");
      await answers.repeat(begun.result, begun.replyTo);
      delivery.ack();
      return false;
    case "elsewhere":
      if (signal.aborted) {
        await delivery.giveBack();
        return false;
      }
      log.debug({ task, id, delayMs: begun.wait }, "a request runs elsewhere; this copy comes again");
      await answers.later(begun.wait);
      delivery.ack();
      return false;
  }
}
