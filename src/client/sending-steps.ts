import { parseArguments, type QueueSpec } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import type { Intercept } from "../interceptors/index.ts";
import type { OutgoingMessage } from "../protocol/index.ts";
import { describe, tasksIn, type SignatureData, type TaskSignatureData } from "../signature/index.ts";
import { deferred, unlessAborted, within } from "../timing/index.ts";

/** @throws LigatureError also when interceptors don't come to an end in time; then nothing is sent */
export async function intercepted(
  intercept: Intercept,
  data: SignatureData,
  message: OutgoingMessage,
  publish: (outgoing: OutgoingMessage) => Promise<void>,
  { giveUpAt, signal }: Until,
): Promise<void> {
  const reached = deferred<void>();
  const sending = intercept("call", message, (outgoing) => {
    // It watches both by itself: from here on only the broker can say what became of the message.
    reached.resolve();
    return publish(outgoing);
  });
  const late = (): LigatureError =>
    new LigatureError("NOT_SENT", `${describe(data)} was not sent: its interceptors did not end in time.`);
  const begun = within(Promise.race([reached.promise, sending]), giveUpAt, late);
  await unlessAborted(begun, signal, () => notSent(data, signal));
  await sending;
}

export interface Until {
  /** Epoch milliseconds. */
  readonly giveUpAt: number;
  readonly signal?: AbortSignal | undefined;
}

export function notSent(data: SignatureData, signal: AbortSignal | undefined): LigatureError {
  return new LigatureError("ABORTED", `${describe(data)} was not sent: its signal was aborted first.`, { cause: signal?.reason });
}

/** Of a workflow, whose parts are sent one after the other. */
export function givenUp(data: SignatureData, signal: AbortSignal | undefined): LigatureError {
  return new LigatureError(
    "ABORTED",
    `Sending ${describe(data)} was given up by its signal. What was sent of it is revoked; some may have run.`,
    { cause: signal?.reason },
  );
}

/** Bound arguments of every signature, so that nothing wrong leaves the process. A promise only where a schema is asynchronous. */
export function check(signatures: Iterator<TaskSignatureData>): Promise<void> | undefined {
  for (let next = signatures.next(); next.done !== true; next = signatures.next()) {
    const { task, args, immutable } = next.value;
    const checked = parseArguments(task.spec, args, immutable ? 0 : 1);
    if (checked instanceof Promise) return checked.then(() => check(signatures));
  }
  return undefined;
}

/** Of everything inside. */
export function* queuesOf(data: SignatureData): Generator<QueueSpec> {
  for (const { task } of tasksIn(data)) yield task.spec.queue;
}
