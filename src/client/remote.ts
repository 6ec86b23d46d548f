import { milliseconds } from "../contract/index.ts";
import { LigatureError } from "../errors/index.ts";
import { checkKnown } from "../options/index.ts";
import {
  immutableSignature,
  type ContractRef,
  type ImmutableSignature,
  type Signature,
  type TaskRef,
  type TaskSignatureData,
} from "../signature/index.ts";
import { currentRequest } from "../outgoing/index.ts";
import type { ApplyOptions, CallOptions, RemoteTask } from "./remote-task.ts";
import { atCaller } from "./at-caller.ts";
import type { ResultHandle } from "./result-handle.ts";
import { bounded } from "./wait.ts";
import type { Sender } from "./sender.ts";

type AnyRemoteTask = RemoteTask<readonly unknown[], unknown, unknown, unknown>;

/** The stub object of one contract: a callable per task. */
export function createRemote(contract: ContractRef, sender: Sender, rpcTimeout: number): object {
  return Object.freeze(
    Object.fromEntries([...contract.tasks].map(([key, task]) => [key, createRemoteTask(task, sender, rpcTimeout)])),
  );
}

function createRemoteTask(task: TaskRef, sender: Sender, rpcTimeout: number): AnyRemoteTask {
  const call = (args: readonly unknown[], options: CallOptions): Promise<unknown> =>
    callAndWait(task, sender, args, options, rpcTimeout);
  const noOptions: CallOptions = {};
  return Object.freeze(
    Object.assign((...args: readonly unknown[]) => call(args, noOptions), {
      "~task": task,
      with:
        (options: CallOptions) =>
        (...args: readonly unknown[]) =>
          call(args, checkKeys(options, callOptions, "with()")),
      delay: (...args: readonly unknown[]) => apply(task, sender, args, {}),
      applyAsync: (args: readonly unknown[], options: ApplyOptions<unknown> = {}) => apply(task, sender, args, options),
    }),
  );
}

/** Send and await under one deadline: the caller's, or what is left of the request that the caller runs in. */
async function callAndWait(
  task: TaskRef,
  sender: Sender,
  args: readonly unknown[],
  options: CallOptions,
  rpcTimeout: number,
): Promise<unknown> {
  const { timeout, signal, ...sending } = options;
  const own = Date.now() + (timeout === undefined ? rpcTimeout : milliseconds(timeout, "timeout"));
  const deadline = Math.min(own, currentRequest()?.deadline ?? own);
  if (signal?.aborted === true) {
    throw new LigatureError("ABORTED", `${task.spec.name} was not sent: its signal is aborted already.`, {
      cause: signal.reason,
    });
  }
  try {
    const sent = sender.sendTask(taskData(withOptions(immutableSignature(task, args), sending)), { deadline });
    const handle = await (signal === undefined ? sent : bounded(sent, { signal }, sendingOf(task)));
    if (task.spec.ignoreResult) return undefined;
    try {
      await handle.untilSettled(deadline, signal);
    } catch (error) {
      throw await handle.explain(error);
    }
    return await handle.get();
  } catch (error) {
    throw atCaller(error);
  }
}

/** What has been handed over can't be called back. */
function sendingOf(task: TaskRef): string {
  return `Sending ${task.spec.name}, which may still go through`;
}

/** Sends a task with its callbacks; the way of `delay`, `applyAsync` and `sendTask`. */
export async function apply(
  task: TaskRef,
  sender: Sender,
  args: readonly unknown[],
  options: ApplyOptions<unknown>,
): Promise<ResultHandle> {
  const { link, linkError, ignoreResult, taskId, timeout, signal, ...sending } = checkKeys(options, applyOptions, "applyAsync()");
  let signature = withOptions(immutableSignature(task, args), sending);
  for (const callback of listOf<Signature<unknown, unknown>>(link)) signature = signature.link(callback);
  for (const callback of listOf<ImmutableSignature<unknown>>(linkError)) signature = signature.linkError(callback);
  if (signal?.aborted === true) {
    throw new LigatureError("ABORTED", `${task.spec.name} was not sent: its signal is aborted already.`, {
      cause: signal.reason,
    });
  }
  const giveUpAt = timeout === undefined ? undefined : Date.now() + milliseconds(timeout, "timeout");
  try {
    const sent = sender.sendTask(taskData(signature), { ignoreResult, taskId, giveUpAt });
    return await (signal === undefined ? sent : bounded(sent, { signal }, sendingOf(task)));
  } catch (error) {
    throw atCaller(error);
  }
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

const signatureOptions = ["queue", "priority", "countdown", "eta", "expires", "headers"];
const callOptions = [...signatureOptions, "timeout", "signal"];
const applyOptions = [...signatureOptions, "link", "linkError", "ignoreResult", "taskId", "timeout", "signal"];

function checkKeys<T extends object>(options: T, known: readonly string[], where: string): T {
  checkKnown(options, known, where, { prefix: `${where}: ` });
  return options;
}
