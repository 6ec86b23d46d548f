import type { ResultBackend } from "../backend/index.ts";
import { LigatureError } from "../errors/index.ts";
import { exceptionToWire, type Composed, type OutgoingMessage } from "../protocol/index.ts";
import { settlesWithin } from "../timing/index.ts";
import type { Publisher } from "../outgoing/index.ts";

export interface WorkflowPublishing {
  readonly backend: ResultBackend;
  readonly publisher: Publisher;
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  readonly revoke: (ids: readonly string[]) => Promise<void>;
  readonly giveUpAt: number;
}

/**
 * Opens a workflow's chords and publishes what starts it. If that fails half-way, what was sent is called off as far as
 * possible: its tasks are revoked, its chords end.
 * @throws LigatureError what `Broker.publish` throws when nothing was sent, else `PARTLY_SENT`
 */
export async function publishWorkflow(composed: Composed, publishing: WorkflowPublishing): Promise<void> {
  const { messages } = composed;
  const { publisher, giveUpAt, publish } = publishing;
  const sent: OutgoingMessage[] = [];
  let failed: OutgoingMessage | undefined;
  try {
    await publisher.start(composed, giveUpAt, async (message) => {
      try {
        await publish(message);
      } catch (error) {
        failed ??= message;
        throw error;
      }
      sent.push(message);
    });
  } catch (error) {
    const failure = asError(error, composed, sent.length, failed);
    await callOff(composed, publishing, failure, mayHaveBeenSent(error) ? messages : sent);
    throw failure;
  }
}

function asError(error: unknown, { messages }: Composed, sent: number, failed: OutgoingMessage | undefined): LigatureError {
  const place =
    failed === undefined ? "" : ` (message ${messages.indexOf(failed) + 1} of ${messages.length}, ${failed.message.task})`;
  const why = error instanceof Error ? error.message : String(error);
  if (sent === 0) {
    if (error instanceof LigatureError) return error;
    return new LigatureError("NOT_SENT", `The workflow could not be sent${place}: ${why}`, { cause: error });
  }
  return new LigatureError(
    "PARTLY_SENT",
    `Only ${sent} of ${messages.length} tasks were sent${place}: ${why} They were revoked; some may have run.`,
    { cause: error, details: { sent, of: messages.length } },
  );
}

function mayHaveBeenSent(error: unknown): boolean {
  return error instanceof LigatureError && (error.code === "CONNECTION_LOST" || error.code === "ABORTED");
}

/** What can't be called off now runs in vain, and its chord's queue expires. */
async function callOff(
  { chords }: Composed,
  { backend, revoke }: WorkflowPublishing,
  failure: LigatureError,
  sent: readonly OutgoingMessage[],
): Promise<void> {
  const { exception } = exceptionToWire(failure);
  const ending = chords.map(({ groupId, size }) =>
    backend.chords.fail({ groupId, size, index: 0, taskId: groupId }, { json: exception }, () => Promise.resolve()),
  );
  const ids = sent.map(({ message }) => message.id);
  await settlesWithin(Promise.allSettled([...ending, ...(ids.length === 0 ? [] : [revoke(ids)])]), callOffPatience);
}

/** Milliseconds that the caller's error waits for the rest. */
const callOffPatience = 2000;
