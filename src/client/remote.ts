import { milliseconds, type Duration } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { checkKnown, optionsObject, refuseOption, type OptionPlace } from "../options/index.ts";
import {
  immutableSignature,
  type ContractRef,
  type ImmutableSignature,
  type Signature,
  type SignatureOptions,
  type TaskRef,
  type TaskSignatureData,
} from "../signature/index.ts";
import { currentRequest } from "../outgoing/current-request.ts";
import { inWords } from "../timing/in-words.ts";
import type { ApplyOptions, CallOptions, Idempotency, RemoteTask } from "./remote-task.ts";
import { atCaller } from "./at-caller.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { OnceOptions, Sender } from "./sender.ts";

/** The app's sender. It is loaded when the app is made; who has it at once loses no turn of the event loop. */
export interface SenderSource {
  readonly now: () => Sender | undefined;
  readonly load: () => Promise<Sender>;
}

type AnyRemoteTask = RemoteTask<readonly unknown[], unknown, unknown, unknown>;

/** The stub object of one contract: a callable per task. Not frozen, nor are the callables: users' tests spy on them. */
export function createRemote(contract: ContractRef, sender: SenderSource, rpcTimeout: number): object {
  return Object.fromEntries([...contract.tasks].map(([key, task]) => [key, createRemoteTask(task, sender, rpcTimeout)]));
}

function createRemoteTask(task: TaskRef, sender: SenderSource, rpcTimeout: number): AnyRemoteTask {
  const call = (args: readonly unknown[], options: CallOptions): Promise<unknown> =>
    callAndWait(task, sender, args, options, rpcTimeout);
  const noOptions: CallOptions = {};
  return Object.assign((...args: readonly unknown[]) => call(args, noOptions), {
    "~task": task,
    with:
      (options: CallOptions) =>
      (...args: readonly unknown[]) =>
        call(args, checkKeys(options, callOptions, "with()")),
    delay: (...args: readonly unknown[]) => apply(task, sender, args, {}),
    applyAsync: (args: readonly unknown[], options: ApplyOptions<unknown> = {}) => apply(task, sender, args, options),
  });
}

/**
 * Send and await under one deadline: the caller's, or what is left of the request that the caller runs in.
 *
 * n.b. no async function, whose state would be held as long as the call waits. Errors get the caller's stack in a reaction to the
 * promise that the caller has: V8 finds who awaits it from there.
 */
function callAndWait(
  task: TaskRef,
  sender: SenderSource,
  args: readonly unknown[],
  options: CallOptions,
  rpcTimeout: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    startCall(task, sender, args, options, rpcTimeout, resolve).catch(reject);
  }).catch(throwAtCaller);
}

function throwAtCaller(error: unknown): never {
  throw atCaller(error);
}

/** Ends when the broker has the request. @param resolve with the task's value */
async function startCall(
  task: TaskRef,
  source: SenderSource,
  args: readonly unknown[],
  options: CallOptions,
  rpcTimeout: number,
  resolve: (value: unknown) => void,
): Promise<void> {
  const { timeout, signal, idempotency, ...sending } = options;
  const patience = timeout === undefined ? rpcTimeout : milliseconds(timeout, "timeout", { least: 1 });
  checkStartsInTime(task, sending, patience);
  const own = Date.now() + patience;
  const deadline = Math.min(own, currentRequest()?.deadline ?? own);
  const once = onceOf(task, idempotency);
  const data = taskData(withOptions(immutableSignature(task, args), sending));
  const sender = source.now() ?? (await source.load());
  if (once === undefined && !task.spec.ignoreResult) return sender.call(data, { deadline, signal }, resolve);
  const handle = await sender.sendTask(data, { deadline, signal, once });
  if (task.spec.ignoreResult) return resolve(undefined);
  try {
    await handle.untilSettled(deadline, signal);
  } catch (error) {
    throw await handle.explain(error);
  }
  resolve(await handle.get());
}

/** A call whose task may not start before nobody waits for it any more can't be meant. */
function checkStartsInTime(task: TaskRef, { countdown, eta }: SignatureOptions, patience: number): void {
  const name = task.spec.name;
  const delay = countdown === undefined ? (eta?.getTime() ?? 0) - Date.now() : milliseconds(countdown, `${name}: countdown`);
  if ((countdown === undefined && eta === undefined) || !(delay >= patience)) return;
  const option = countdown === undefined ? "eta" : "countdown";
  throw new LigatureError(
    "INVALID_OPTION",
    `${name}: with ${option} it starts in ${inWords(delay)} at the earliest, and its caller waits for ${inWords(patience)}. Give the call a longer { timeout }, or send it with applyAsync() and come back for the result.`,
    { details: { option } },
  );
}

/** Sends a task with its callbacks; the way of `delay`, `applyAsync` and `sendTask`. */
export async function apply(
  task: TaskRef,
  sender: SenderSource,
  args: readonly unknown[],
  options: ApplyOptions<unknown>,
): Promise<ResultHandle> {
  const { link, linkError, ignoreResult, taskId, timeout, signal, idempotency, ...sending } = checkKeys(
    options,
    applyOptions,
    "applyAsync()",
  );
  let signature = withOptions(immutableSignature(task, args), sending);
  if (taskId !== undefined) checkTaskId(taskId);
  for (const callback of listOf<Signature<unknown, unknown>>(link)) signature = signature.link(callback);
  for (const callback of listOf<ImmutableSignature<unknown>>(linkError)) signature = signature.linkError(callback);
  const giveUpAt = endOfSending(timeout);
  try {
    return await (sender.now() ?? (await sender.load())).sendTask(taskData(signature), {
      ignoreResult,
      taskId,
      giveUpAt,
      signal,
      once: onceOf(task, idempotency),
    });
  } catch (error) {
    throw atCaller(error);
  }
}

/** Epoch milliseconds, of what the caller gives sending; undefined is the app's. */
export function endOfSending(timeout: Duration | undefined): number | undefined {
  return timeout === undefined ? undefined : Date.now() + milliseconds(timeout, "timeout", { least: 1 });
}

/** n.b. options and callbacks leave a task a task. */
function taskData(signature: ImmutableSignature<unknown>): TaskSignatureData {
  return signature["~signature"] as TaskSignatureData;
}

function withOptions(signature: ImmutableSignature<unknown>, options: CallOptions): ImmutableSignature<unknown> {
  return Object.keys(options).length === 0 ? signature : signature.set(options);
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Characters: the key travels in a header. */
const longestKey = 500;

function onceOf(task: TaskRef, idempotency: Idempotency | undefined): OnceOptions | undefined {
  if (idempotency === undefined) return undefined;
  const { name, queue, ack } = task.spec;
  const place: OptionPlace = { prefix: `${name}: idempotency.` };
  optionsObject(idempotency, `${name}: idempotency must be { key, for }: a key, and for how long it counts.`);
  checkKnown(idempotency, ["key", "for"], `${name}: idempotency`, place);
  const key: unknown = idempotency.key;
  if (typeof key !== "string" || key === "" || key.length > longestKey || /[\p{Cc}\p{Cs}]/u.test(key)) {
    refuseOption(
      place,
      "key",
      `${name}: idempotency.key must be a string of 1 to ${longestKey} characters, without control characters.`,
    );
  }
  const reason =
    queue.owner === "celery"
      ? "its workers are Celery's, which don't know of keys"
      : ack === "early"
        ? 'it has ack: "early", so a run whose worker is killed isn\'t repeated'
        : undefined;
  if (reason !== undefined) refuseOption(place, "key", `${name} can't be sent with idempotency: ${reason}.`);
  return { key, window: milliseconds(idempotency.for, `${name}: idempotency.for`, { least: 1000 }) };
}

/** Bytes of an id: it is a part of names that AMQP allows 255. */
const longestId = 200;

function checkTaskId(id: unknown): void {
  if (typeof id === "string" && id !== "" && Buffer.byteLength(id) <= longestId && !/[\p{Cc}\p{Cs}]/u.test(id)) return;
  throw new LigatureError(
    "INVALID_OPTION",
    `taskId must be a string of 1 to ${longestId} bytes without control characters, got ${typeof id === "string" ? JSON.stringify(id.slice(0, 100)) : typeof id}.`,
    { details: { option: "taskId" } },
  );
}

const signatureOptions = ["queue", "priority", "countdown", "eta", "expires", "headers"];
const callOptions = [...signatureOptions, "timeout", "signal", "idempotency"];
const applyOptions = [...signatureOptions, "link", "linkError", "ignoreResult", "taskId", "timeout", "signal", "idempotency"];

function checkKeys<T extends object>(options: T, known: readonly string[], where: string): T {
  checkKnown(options, known, where, { prefix: `${where}: ` });
  return options;
}
