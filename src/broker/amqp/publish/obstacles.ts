import { LigatureError } from "../../../errors/index.ts";
import type { Outages } from "../../../logging/index.ts";
import type { BrokerOptions } from "../../broker.ts";
import type { BrokerState } from "../../broker-state.ts";
import type { PendingPublish } from "./pending-publish.ts";
import { targetOf } from "./publish-errors.ts";

/** Whether anything goes through to RabbitMQ, and why nothing does, for those who gave up waiting. */
export class Obstacles {
  readonly #address: string;
  readonly #outages: Outages;
  readonly #options: Pick<BrokerOptions, "log" | "onState">;
  #state: BrokerState = { state: "connecting" };

  /** @param address without credentials */
  constructor(address: string, outages: Outages, options: Pick<BrokerOptions, "log" | "onState">) {
    this.#address = address;
    this.#outages = outages;
    this.#options = options;
  }

  get state(): BrokerState {
    return this.#state;
  }

  get blocked(): BrokerState | undefined {
    return this.#state.state === "blocked" ? this.#state : undefined;
  }

  /** Closed is for good; a connection that ends meanwhile has nothing more to say. */
  enter(state: BrokerState): void {
    if (this.#state.state === "closed") return;
    const before = this.#state;
    this.#state = state;
    const { log, onState } = this.#options;
    const broker = `RabbitMQ at ${this.#address}`;
    if (state.state === "blocked")
      log.warn({ reason: state.reason }, `${broker} takes no messages until it has more memory or disk space`);
    else if (before.state === "blocked" && state.state === "ready") log.info({}, `${broker} takes messages again`);
    onState?.(state);
  }

  /** The cause comes first: it is what somebody can mend. @param what `queue "images" was not declared` */
  notSent(what: string): LigatureError {
    const message = `${this.#describe()}. So ${what.charAt(0).toLowerCase()}${what.slice(1)}.`;
    return new LigatureError(
      "NOT_SENT",
      message,
      this.blocked === undefined ? {} : { details: { blocked: this.blocked.reason } },
    );
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
    if (this.blocked !== undefined)
      return `RabbitMQ at ${this.#address} takes no messages for now (${this.blocked.reason ?? ""})`;
    return this.#outages.describe("was too slow");
  }
}
