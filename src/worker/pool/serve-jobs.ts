import { inspect } from "node:util";
import { anything } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger, LogLevel } from "../../logging/index.ts";
import { closeAll, runInRequest } from "../../outgoing/index.ts";
import { legible, packValue, unpackValue, type Packed } from "../../protocol/index.ts";
import { settlesWithin } from "../../timing/index.ts";
import { RequestContext, RetrySignal } from "../request/index.ts";
import { HandlerModule } from "./handler-module.ts";
import type { Job, Outcome, RequestFacts, Send, WireThrown } from "./messages.ts";
import { errorField, reasonFromWire, thrownFromWire, thrownToWire } from "./thrown.ts";

/** Milliseconds that a child takes at most to close what its module has opened. */
const closeTimeout = 5000;

/** A child's side of the pool: runs one job after the other, in a thread or a process alike. */
export class JobServer {
  readonly #url: string;
  #module: Promise<HandlerModule> | undefined;
  #context: RequestContext | undefined;

  constructor(url: string) {
    this.#url = url;
    (globalThis as Record<symbol, unknown>)[inChild] = true;
  }

  /** Never rejects. */
  async run(job: Job, send: Send): Promise<Outcome> {
    let module: HandlerModule;
    try {
      module = await (this.#module ??= HandlerModule.load(this.#url));
    } catch (error) {
      this.#module = undefined;
      return { unusable: describe(error) };
    }
    if (job.kind === "load") send({ type: "loaded", shape: module.shape });
    if (job.kind === "load" || job.kind === "end") return { returned: packValue(undefined, false) };
    try {
      return { returned: await (job.kind === "run" ? this.#call(module, job, send) : callHook(module, job)) };
    } catch (error) {
      return { thrown: this.#thrown(legible(error)) };
    } finally {
      this.#context = undefined;
    }
  }

  abort(reason: WireThrown): void {
    this.#context?.abort(reasonFromWire(reason));
  }

  async #call(
    module: HandlerModule,
    { key, args, request }: Extract<Job, { readonly kind: "run" }>,
    send: Send,
  ): Promise<Packed> {
    const context = new RequestContext({
      message: { ...request, embed: { ligature: { failure: request.failure } } },
      queue: request.queue,
      redelivered: request.redelivered,
      log: { ...sendingLogger(send, {}), child: () => sendingLogger(send, {}) },
      report: (value) => report(value, send),
    });
    addTo(context, request.added);
    this.#context = context;
    const handler = module.member(key);
    const { id, rootId, deadline } = request;
    const current = { id, rootId, deadline, sent: (ids: readonly string[]) => send({ type: "sent", ids }) };
    const given = args.map(unpack);
    send({ type: "began" });
    const returned = await runInRequest(current, this, () => handler(...given, context));
    return packValue(returned, false);
  }

  #thrown(error: unknown): WireThrown {
    const { abortReason, misuse, misusedWith } = this.#context ?? {};
    if (abortReason !== undefined && error === abortReason) return { kind: "reason" };
    if (misuse !== undefined && error === misuse) return { kind: "retry", options: cloneable(misusedWith) };
    if (!(error instanceof RetrySignal)) return thrownToWire(error);
    const { cause, ...options } = error.options;
    return { kind: "retry", options, ...(cause !== undefined && { cause: thrownToWire(cause) }) };
  }
}

const inChild: unique symbol = Symbol.for("ligature.pool-child") as never;

/** Whether this runs in a child of a pool, which has no pools of its own. */
export function isChild(): boolean {
  return (globalThis as Record<symbol, unknown>)[inChild] === true;
}

/** Closes the apps that the module has made: what they leave behind at the broker would stay there for long. */
export async function closeApps(): Promise<void> {
  await settlesWithin(closeAll(), closeTimeout);
}

async function callHook(
  module: HandlerModule,
  { key, hook, args, request, outcome }: Extract<Job, { readonly kind: "hook" }>,
): Promise<Packed> {
  const { id, task: taskName, retries } = request;
  const result =
    "returned" in outcome
      ? unpack(outcome.returned)
      : "thrown" in outcome && outcome.thrown.kind === "error"
        ? thrownFromWire(outcome.thrown, undefined)
        : undefined;
  await module.member(key, hook)({ id, taskName, args: args.map(unpack), retries }, result);
  return packValue(undefined, false);
}

/** What the worker's interceptors have added. What only works there says so when it is used. */
function addTo(context: RequestContext, added: RequestFacts["added"]): void {
  for (const [name, packed] of Object.entries(added)) {
    if (packed !== undefined) Object.defineProperty(context, name, { value: unpack(packed), enumerable: true });
    else Object.defineProperty(context, name, { get: () => stayedBehind(name), enumerable: true });
  }
}

function stayedBehind(name: string): never {
  throw new LigatureError(
    "INVALID_OPTION",
    `ctx.${name} was added by an interceptor, in the worker, and isn't data: it can't be handed to the child that runs this handler. Make it in the module.`,
  );
}

function unpack(packed: Packed): unknown {
  return unpackValue(packed, anything, true);
}

function report(value: unknown, send: Send): void {
  try {
    send({ type: "progress", value: packValue(value, false) });
  } catch (error) {
    sendingLogger(send, {}).warn({ err: error }, "a progress report was dropped");
  }
}

/** Gives its lines to the worker's logger, with what can be cloned of their fields. */
function sendingLogger(send: Send, bindings: Readonly<Record<string, unknown>>): Logger {
  const at =
    (level: LogLevel) =>
    (fields: object, message: string): void =>
      send({ type: "log", level, bindings: loggable(bindings), fields: loggable(fields), message });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (more) => sendingLogger(send, { ...bindings, ...more }),
  };
}

function loggable(fields: unknown): object {
  if (typeof fields !== "object" || fields === null) return { fields: cloneable(fields) };
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Error ? { [errorField]: thrownToWire(value) } : cloneable(value),
    ]),
  );
}

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return inspect(value, { depth: 4 });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  return error instanceof LigatureError || error.stack === undefined ? error.message : error.stack;
}
