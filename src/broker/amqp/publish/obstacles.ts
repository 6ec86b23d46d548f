import { LigatureError } from "../../../errors/index.ts";
import type { Logger, Outages } from "../../../logging/index.ts";
import type { PendingPublish } from "./pending-publish.ts";
import { targetOf } from "./publish-errors.ts";

/** Why nothing goes through to RabbitMQ, for those who gave up waiting. */
export class Obstacles {
  /** What RabbitMQ says while it takes no messages. */
  blocked: string | undefined;
  readonly #address: string;
  readonly #outages: Outages;

  /** @param address without credentials */
  constructor(address: string, outages: Outages) {
    this.#address = address;
    this.#outages = outages;
  }

  /** RabbitMQ takes no messages, for a reason, or takes them again. */
  block(reason: string | undefined, log: Logger): void {
    this.blocked = reason;
    const broker = `RabbitMQ at ${this.#address}`;
    if (reason === undefined) log.info({}, `${broker} takes messages again`);
    else log.warn({ reason }, `${broker} takes no messages until it has more memory or disk space`);
  }

  /** The cause comes first: it is what somebody can mend. @param what `queue "images" was not declared` */
  notSent(what: string): LigatureError {
    return new LigatureError("NOT_SENT", `${this.#describe()}. So ${what.charAt(0).toLowerCase()}${what.slice(1)}.`);
  }

  /** Of a publish whose time is over. */
  expired({ everWritten, message }: PendingPublish): LigatureError {
    const target = targetOf(message);
    if (!everWritten) return this.notSent(`The message for ${target} was not sent`);
    return new LigatureError(
      "CONNECTION_LOST",
      `The message for ${target} was sent, but not confirmed in time: ${this.#describe()}. It may have arrived.`,
    );
  }

  #describe(): string {
    if (this.blocked !== undefined) return `RabbitMQ at ${this.#address} takes no messages for now (${this.blocked})`;
    return this.#outages.describe("was too slow");
  }
}
