import { anything } from "../../contract/index.ts";
import { LigatureError } from "../../errors/index.ts";
import type { Logger } from "../../logging/index.ts";
import { currentRequest } from "../../outgoing/index.ts";
import { packValue, unpackValue, type Packed } from "../../protocol/index.ts";
import type { ContractRef } from "../../signature/index.ts";
import { after, onAbort } from "../../timing/index.ts";
import { registerHandlers, type HandlerRequest, type RegisteredTask, type TaskContext } from "../request/index.ts";
import type { HookName, Job, ModuleShape, Outcome, RequestFacts, WireThrown } from "./messages.ts";
import type { JobControl, Notice, Pool } from "./pool.ts";
import { errorField, thrownFromWire, thrownToWire } from "./thrown.ts";

/** Milliseconds that a handler which is told to stop for good may take before it is ended. */
const grace = 1000;

/**
 * Handlers that call those of the module, each in a child.
 * @throws LigatureError `NOT_REGISTERED` for a handler that the module lacks, `INVALID_OPTION` for an unknown or malformed one
 */
export function moduleTasks(contract: ContractRef, shape: ModuleShape, pool: Pool): ReadonlyMap<string, RegisteredTask> {
  // The same checks, and messages, as for handlers in the worker itself.
  const stand = registerHandlers(
    contract,
    Object.fromEntries(Object.entries(shape).map(([key, member]) => [key, standIn(member)])),
  );
  const tasks = new Map<string, RegisteredTask>();
  for (const [key, task] of contract.tasks) {
    const { name } = task.spec;
    const { onSuccess, onFailure, onRetry } = stand.get(name) ?? {};
    const hook = (which: HookName) => (request: HandlerRequest<readonly unknown[]>, outcome: unknown) =>
      runHook(pool, { key, hook: which, contract }, request, outcome);
    tasks.set(name, {
      task,
      pooled: true,
      run: (...given) => runHandler(pool, { key, contract }, given),
      onSuccess: onSuccess && hook("onSuccess"),
      onFailure: onFailure && hook("onFailure"),
      onRetry: onRetry && hook("onRetry"),
    });
  }
  return tasks;
}

function standIn(member: ModuleShape[string]): unknown {
  if (typeof member === "string") return member === "function" ? () => {} : undefined;
  return Object.fromEntries(Object.entries(member).map(([name, kind]) => [name, kind === "function" ? () => {} : kind]));
}

async function runHandler(
  pool: Pool,
  { key, contract }: { readonly key: string; readonly contract: ContractRef },
  given: readonly unknown[],
): Promise<unknown> {
  const ctx = given.at(-1) as TaskContext<unknown>;
  const current = currentRequest();
  if (current?.inPool === undefined) throw new LigatureError("CLOSED", "A handler in a pool was called outside of its request.");
  const { inPool, sent } = current;
  const kill = new AbortController();
  const forgetKill = onAbort(inPool.kill, () => kill.abort());
  const forgets: (() => void)[] = [forgetKill];
  const control: JobControl = {
    kill: kill.signal,
    onNotice: (notice) => {
      if (notice.type === "began") inPool.began();
      else if (notice.type === "sent") sent?.(notice.ids);
      else passOn(notice, ctx);
    },
    onAbort: (tell) => {
      const stop = (): void => tell(thrownToWire(ctx.signal.reason));
      if (ctx.signal.aborted) stop();
      else forgets.push(onAbort(ctx.signal, stop));
    },
  };
  // A soft limit is a warning; all else is the end, of which the handler is told some time before.
  const endSoon = (): void => {
    const { reason } = ctx.signal as { readonly reason: unknown };
    if (reason instanceof LigatureError && reason.code === "TIME_LIMIT") return;
    const timer = after(grace, () => kill.abort());
    forgets.push(() => timer.cancel());
  };
  if (ctx.signal.aborted) endSoon();
  else forgets.push(onAbort(ctx.signal, endSoon));
  try {
    const args = given.slice(0, -1).map((value) => packValue(value, false));
    const outcome = await pool.run({ kind: "run", key, args, request: factsOf(ctx, inPool.message) }, control);
    return valueOf(outcome, ctx, contract);
  } finally {
    for (const forget of forgets) forget();
  }
}

function factsOf(
  ctx: TaskContext<unknown>,
  { id, task, rootId, parentId, retries, deadline, embed }: MessageFacts,
): RequestFacts {
  const { queue, redelivered } = ctx;
  const failure = embed.ligature?.failure;
  return { id, task, rootId, parentId, retries, deadline, queue, redelivered, failure, added: addedTo(ctx) };
}

const ownNames = [
  "id",
  "taskName",
  "rootId",
  "parentId",
  "retries",
  "queue",
  "redelivered",
  "deadline",
  "failure",
  "progress",
  "retry",
] satisfies (keyof TaskContext)[];

function addedTo(ctx: TaskContext<unknown>): RequestFacts["added"] {
  const added = Object.entries(ctx).filter(([name]) => !(ownNames as readonly string[]).includes(name));
  return Object.fromEntries(added.map(([name, value]: [string, unknown]) => [name, packedIfData(value)]));
}

function packedIfData(value: unknown): Packed | undefined {
  try {
    return packValue(value, false);
  } catch {
    return undefined;
  }
}

type MessageFacts = NonNullable<NonNullable<ReturnType<typeof currentRequest>>["inPool"]>["message"];

function valueOf(outcome: Outcome, ctx: TaskContext<unknown>, contract: ContractRef): unknown {
  if ("returned" in outcome) return unpackValue(outcome.returned, anything, true);
  if ("unusable" in outcome) throw new Error(outcome.unusable);
  throw errorOf(outcome.thrown, ctx, contract);
}

function errorOf(thrown: WireThrown, ctx: TaskContext<unknown>, contract: ContractRef): unknown {
  switch (thrown.kind) {
    case "reason":
      return ctx.signal.reason;
    case "retry":
      // The handler's own call, once more, in the worker: it throws what the worker knows.
      try {
        const cause = thrown.cause && errorOf(thrown.cause, ctx, contract);
        return ctx.retry({ ...(thrown.options as object), ...(cause !== undefined && { cause }) });
      } catch (error) {
        return error;
      }
    case "error":
      return thrownFromWire(thrown, contract);
  }
}

function passOn(notice: Exclude<Notice, { readonly type: "began" | "sent" }>, ctx: TaskContext<unknown>): void {
  if (notice.type === "progress") {
    ctx.progress(unpackValue(notice.value, anything, true));
    return;
  }
  const { level, bindings, fields, message } = notice;
  const log: Logger = Object.keys(bindings).length === 0 ? ctx.log : ctx.log.child(withErrors(bindings));
  log[level](withErrors(fields), message);
}

function withErrors(fields: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "object" && value !== null && errorField in value
        ? thrownFromWire(value[errorField] as Extract<WireThrown, { readonly kind: "error" }>, undefined)
        : value,
    ]),
  );
}

async function runHook(
  pool: Pool,
  { key, hook, contract }: { readonly key: string; readonly hook: HookName; readonly contract: ContractRef },
  { id, taskName, args, retries }: HandlerRequest<readonly unknown[]>,
  outcome: unknown,
): Promise<void> {
  const job: Job = {
    kind: "hook",
    key,
    hook,
    args: args.map((value) => packValue(value, false)),
    request: { id, task: taskName, retries },
    outcome: hook === "onSuccess" ? { returned: packValue(outcome, false) } : { thrown: thrownToWire(outcome) },
  };
  const ended = await pool.run(job, { onNotice: () => {}, onAbort: () => {}, kill: new AbortController().signal });
  if ("thrown" in ended && ended.thrown.kind === "error") throw thrownFromWire(ended.thrown, contract);
}
