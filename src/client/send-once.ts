import { createHash } from "node:crypto";
import { LigatureError } from "../errors/index.ts";
import { recordOf, type Claim, type OnceKeys } from "../once/index.ts";
import { decodeResult, type OutgoingMessage, type StoredResult } from "../protocol/index.ts";
import { pause } from "../timing/index.ts";
import { asLigatureError } from "./at-caller.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { OnceOptions } from "./sender.ts";

/** Errors after which the broker surely doesn't have what was to be sent. */
const notSent: ReadonlySet<string> = new Set([
  "NOT_SENT",
  "UNROUTABLE",
  "REFUSED",
  "QUEUE_MISMATCH",
  "PAYLOAD_TOO_LARGE",
  "UNREADABLE",
]);

/** Milliseconds between looks at a key that another sender has claimed and not sent with yet: after these it is taken for gone. */
const looks: readonly number[] = [20, 40, 80, 160, 320, 640];

/** What sending once needs of the sender. */
export interface SendingOnce {
  readonly once: OnceOptions;
  readonly keys: OnceKeys;
  /** Epoch milliseconds. */
  readonly giveUpAt: number;
  /** Where the result is to be sent, if results are sent. */
  readonly replyTo: string | undefined;
  /** Makes a handle that listens. */
  readonly handle: (id: string, duplicate: boolean) => ResultHandle;
  readonly publish: (message: OutgoingMessage) => Promise<void>;
}

/**
 * Sends a request, or finds the one that was sent with the same key. Who claims a key sends; who finds it claimed by somebody of whom it
 * isn't known for a while whether he has sent, sends as well, with the same id: workers run one of the two.
 * @throws LigatureError `KEY_MISMATCH`, what the store throws, and what `Broker.publish` throws
 */
export async function sendOnce(outgoing: OutgoingMessage, sending: SendingOnce): Promise<ResultHandle> {
  const { message } = outgoing;
  const { once, keys, giveUpAt } = sending;
  const record = recordOf(message.task, once.key);
  const payload = payloadOf(message);
  for (let look = 0; ; look += 1) {
    const wait = looks[look];
    const claimed = await keys.claim({ record, id: message.id, window: once.window }, payload, wait === undefined, giveUpAt);
    if (claimed.kind === "known" && claimed.unsent && wait !== undefined) {
      await pause(wait);
      continue;
    }
    switch (claimed.kind) {
      case "first":
        return sendFirst(outgoing, { record, id: message.id, until: claimed.until }, sending);
      case "known": {
        const found = await attach(outgoing, { record, id: claimed.id, until: claimed.until }, claimed.unsent, sending);
        if (found !== undefined) return found;
        break;
      }
      case "done": {
        const handle = sending.handle(claimed.id, true);
        handle.end(resultOf(claimed.result));
        return handle;
      }
      case "mismatch":
        throw new LigatureError(
          "KEY_MISMATCH",
          `${message.task} was sent before with this idempotency key, and other arguments or callbacks. Give each piece of work a key of its own.`,
          { details: { task: message.task, id: claimed.id } },
        );
    }
  }
}

async function sendFirst(
  outgoing: OutgoingMessage,
  claim: Claim,
  { keys, handle, publish, once }: SendingOnce,
): Promise<ResultHandle> {
  const own = handle(claim.id, false);
  try {
    await publish(marked(outgoing, claim, once.key));
  } catch (error) {
    const failure = asLigatureError(error, outgoing.message.task);
    own.fail(failure);
    // n.b. otherwise the next sender sends it again, with the same id.
    if (notSent.has(failure.code)) await keys.withdraw(claim).catch(() => {});
    throw error;
  }
  // Nobody has to wait for it: whoever comes before it is noted sends the request once more.
  keys.sent(claim).catch(() => {});
  return own;
}

/** @returns undefined when the key is free again */
async function attach(
  outgoing: OutgoingMessage,
  claim: Claim,
  unsent: boolean,
  { keys, handle, publish, once, replyTo, giveUpAt }: SendingOnce,
): Promise<ResultHandle | undefined> {
  // It listens before it asks to be told.
  const found = handle(claim.id, true);
  try {
    if (unsent) {
      await publish(marked(outgoing, claim, once.key));
      await keys.sent(claim);
    }
    const joined = await keys.join(claim, replyTo, giveUpAt);
    if (joined.kind === "done") found.end(resultOf(joined.result));
    if (joined.kind !== "gone") return found;
  } catch (error) {
    found.fail(asLigatureError(error, outgoing.message.task));
    throw error;
  }
  found.fail(new LigatureError("REVOKED", "The request with this key ended without having run."));
  return undefined;
}

function marked({ message, ...rest }: OutgoingMessage, { id, until }: Claim, key: string): OutgoingMessage {
  const isRoot = message.rootId === message.id;
  return {
    ...rest,
    message: { ...message, id, correlationId: id, ...(isRoot && { rootId: id }), once: { key, until } },
  };
}

/** Of all that must be the same: arguments and callbacks, whatever the order of their keys. */
function payloadOf({ args, kwargs, embed }: OutgoingMessage["message"]): string {
  const canonical = JSON.stringify([args, kwargs, embed], (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(canonical).digest("base64");
}

function resultOf(json: string): StoredResult {
  return decodeResult({ body: new TextEncoder().encode(json), properties: { contentType: "application/json" } });
}
