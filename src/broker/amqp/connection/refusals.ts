import { LigatureError } from "../../../errors/index.ts";

/** A channel that the broker closed, as amqplib tells it. */
export interface ChannelRefusal {
  readonly error: Error;
  /** AMQP's reply code, such as 404. */
  readonly code: number;
  /** The broker's own words. */
  readonly reason: string;
}

/** The refusal in an error, or undefined for anything else, such as a lost connection. */
export function refusalIn(error: unknown): ChannelRefusal | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "number") return undefined;
  return { error, code: error.code, reason: /with message "(.*)"$/s.exec(error.message)?.[1] ?? error.message };
}

const mismatch = /inequivalent arg '([^']+)' for (queue|exchange) '(.*)' in vhost '.*': received (.+) but current is (.+)$/s;

/**
 * What a refused declaration means to whoever asked for it.
 * @param what `queue "images"`
 */
export function declarationError(refusal: ChannelRefusal, what: string): LigatureError {
  const { code, reason } = refusal;
  const cause = { cause: refusal.error };
  const [, property, kind, name, ours, theirs] = mismatch.exec(reason) ?? [];
  if (property !== undefined) {
    const found = `${kind} "${name}"`;
    return new LigatureError(
      "QUEUE_MISMATCH",
      `RabbitMQ has ${found}${found === what ? "" : `, which belongs to ${what},`} with ${property} ${plain(theirs)} where the contract wants ${plain(ours)}. ` +
        `Another service may run another version of the contract, or somebody else declared it: delete the ${kind} (when it is empty), or give the contract's queue another name.`,
      { ...cause, details: { [`${kind}`]: name, property, expected: plain(ours), actual: plain(theirs) } },
    );
  }
  switch (code) {
    case 404:
      return new LigatureError(
        "UNROUTABLE",
        `RabbitMQ can't find ${what}: ${reason}. Start the service that declares it once, or check the name.`,
        cause,
      );
    case 405:
      return new LigatureError(
        "QUEUE_MISMATCH",
        `RabbitMQ has ${what}, but locked by another connection (exclusive): ${reason}. Give the contract's queue another name.`,
        cause,
      );
    case 403:
      return new LigatureError("REFUSED", `This RabbitMQ user may not use ${what}: ${reason}. Grant it the permission.`, {
        ...cause,
        details: { forbidden: true },
      });
    default:
      return new LigatureError("REFUSED", `RabbitMQ refuses to declare ${what}: ${reason}.`, cause);
  }
}

/** "the value 'quorum' of type 'longstr'" is `'quorum'` to most readers. */
function plain(value: string | undefined): string {
  return (value ?? "").replace(/^the value ('.*') of type '[^']*'$/s, "$1");
}
