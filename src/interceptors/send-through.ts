import { LigatureError } from "../errors/index.ts";
import type { Logger } from "../logging/index.ts";
import { isReservedHeader, type Headers, type OutgoingMessage, type TaskMessage } from "../protocol/index.ts";
import { grow, throughLayers, type Layer } from "./onion.ts";
import type { SendCall, SendInterceptor } from "./send-interceptor.ts";

class OutgoingCall implements SendCall {
  readonly kind: SendCall["kind"];
  readonly id: string;
  readonly taskName: string;
  readonly rootId: string;
  readonly parentId: string | undefined;
  readonly attempt: number;
  readonly exchange: string;
  readonly routingKey: string;
  readonly args: readonly unknown[];
  readonly context = {};
  #headers: Headers;
  #isSent = false;

  constructor(kind: SendCall["kind"], { message, route }: OutgoingMessage) {
    this.kind = kind;
    this.id = message.id;
    this.taskName = message.task;
    this.rootId = message.rootId;
    this.parentId = message.parentId;
    this.attempt = message.retries + 1;
    this.exchange = route.exchange;
    this.routingKey = route.routingKey;
    this.args = message.args;
    this.#headers = message.headers;
  }

  get headers(): Headers {
    return this.#headers;
  }

  setHeader(name: string, value: string | number | boolean | null): void {
    const isScalar = value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
    if (typeof name !== "string" || name === "" || isReservedHeader(name))
      throw refused(`setHeader(): the name ${JSON.stringify(name)} is left to Celery, Ligature or the broker, who own it.`);
    if (!isScalar) throw refused(`setHeader(): ${name} must be a string, a finite number, a boolean or null.`);
    if (this.#isSent) throw refused(`setHeader(): ${name} comes too late, the message is on its way: set it before next().`);
    this.#headers = { ...this.#headers, [name]: value };
  }

  /** The message with its headers, from now on unchanged. */
  seal(message: TaskMessage): TaskMessage {
    this.#isSent = true;
    return this.#headers === message.headers ? message : { ...message, headers: this.#headers };
  }
}

function refused(message: string): LigatureError {
  return new LigatureError("INVALID_OPTION", message);
}

/** Sends a message through an app's interceptors: {@link sendThrough} with its layers. */
export type Intercept = (
  kind: SendCall["kind"],
  outgoing: OutgoingMessage,
  publish: (outgoing: OutgoingMessage) => Promise<void>,
) => Promise<void>;

/**
 * Sends a message through the interceptors.
 * @param publish rejects with what is then thrown, unless an interceptor throws another error in its place
 * @throws LigatureError `NOT_SENT` with what an interceptor threw as its `cause`
 */
export async function sendThrough(
  layers: readonly SendInterceptor[],
  kind: SendCall["kind"],
  outgoing: OutgoingMessage,
  publish: (outgoing: OutgoingMessage) => Promise<void>,
  log: Logger,
): Promise<void> {
  const call = new OutgoingCall(kind, outgoing);
  const { task, id } = outgoing.message;
  let isSent = false;
  const run = async (): Promise<undefined> => {
    await publish({ ...outgoing, message: call.seal(outgoing.message) });
    isSent = true;
    return undefined;
  };
  try {
    // n.b. what the context holds is what the layers say, and the compiler has checked that.
    await throughLayers(layers as readonly Layer<SendCall>[], {
      call,
      grow: (added) => grow(added, [call.context]),
      run,
    });
  } catch (error) {
    if (isSent) {
      log.error({ task, id, err: error }, "an interceptor failed after the task was sent; it stays sent");
      return;
    }
    if (error instanceof LigatureError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new LigatureError("NOT_SENT", `${task} was not sent: an interceptor threw: ${why}`, { cause: error });
  }
}
