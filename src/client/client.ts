import type { ResultBackend } from "../backend/index.ts";
import type { Broker } from "../broker/index.ts";
import type { Publisher, RevocationLog } from "../outgoing/index.ts";
import { encodeControl, revokeCommand } from "../protocol/index.ts";
import type { ContractRef, SignatureData, TaskRef } from "../signature/index.ts";
import { Deadlines } from "../timing/index.ts";
import type { LigatureError } from "../errors/index.ts";
import type { RevokeOptions, WaitOptions } from "./async-result.ts";
import { atCaller } from "./at-caller.ts";
import { attachGroup, attachResult, checkIds, resultById } from "./attach.ts";
import { apply, createRemote, endOfSending } from "./remote.ts";
import type { ApplyOptions } from "./remote-task.ts";
import { Sender } from "./sender.ts";
import { withinWait } from "./wait.ts";

/** What a client needs of its app. */
export interface ClientDependencies {
  readonly broker: Broker;
  readonly backend: ResultBackend;
  readonly publisher: Publisher;
  readonly revocationLog: RevocationLog;
  /** Times are milliseconds. */
  readonly rpcTimeout: number;
  readonly publishTimeout: number;
  readonly resultExpires: number;
  readonly maxPending: number;
}

/** The calling side of an app. It speaks of unknown where `App` has generics; every value passes through schemas. */
export interface Client {
  /** The stub of a contract. */
  remote(contract: ContractRef): object;
  /** Sends a complete signature; resolves with its `AsyncResult` or `GroupResult`. */
  send(data: SignatureData, options: WaitOptions): Promise<unknown>;
  /** Sends one task with its callbacks; resolves with its `AsyncResult`. */
  apply(task: TaskRef, args: readonly unknown[], options: ApplyOptions<unknown>): Promise<unknown>;
  /** The `AsyncResult` of a task that was sent elsewhere. */
  attach(task: unknown, json: unknown): unknown;
  /** The `GroupResult` of a group that was sent elsewhere. */
  attachGroup(tasks: unknown, json: unknown): unknown;
  /** The `AsyncResult` of a task of which only the id is known. */
  result(task: unknown, id: string): unknown;
  /** Tells every worker not to start these tasks. */
  revoke(ids: string | readonly string[], options: RevokeOptions): Promise<void>;
  /** Ends every pending result. */
  close(error: LigatureError): void;
}

export function createClient(dependencies: ClientDependencies): Client {
  const { broker, backend, revocationLog, rpcTimeout } = dependencies;
  const revokeAll = (ids: readonly string[], terminate: boolean): Promise<void> => revoke(broker, revocationLog, ids, terminate);
  const sender = new Sender({
    ...dependencies,
    results: {
      backend,
      deadlines: new Deadlines(),
      revoke: revokeAll,
      inspect: (queue, giveUpAt) => broker.inspect(queue, { giveUpAt }),
    },
  });
  return {
    remote: (contract) => createRemote(contract, sender, rpcTimeout),
    send: (data, options) => send(sender, data, options),
    apply: (task, args, options) => apply(task, sender, args, options),
    attach: (task, json) => attachResult(task, json, sender, backend),
    attachGroup: (tasks, json) => attachGroup(tasks, json, sender, backend),
    result: (task, id) => resultById(task, id, sender, backend),
    revoke: (ids, options) => {
      const { terminate = false, ...wait } = options;
      return withinWait(revokeAll(checkIds(ids), terminate), wait, "revoke()");
    },
    close: (error) => sender.close(error),
  };
}

async function send(sender: Sender, data: SignatureData, { timeout, signal }: WaitOptions): Promise<unknown> {
  const giveUpAt = endOfSending(timeout);
  try {
    return await sender.send(data, { giveUpAt, signal });
  } catch (error) {
    throw atCaller(error);
  }
}

/** 200 KB of ids. */
const idsPerRevoke = 5000;

/** One message for very many ids at a time: to the workers that run now, and to those that start later. */
async function revoke(broker: Broker, log: RevocationLog, ids: readonly string[], terminate: boolean): Promise<void> {
  for (let start = 0; start < ids.length; start += idsPerRevoke) {
    const some = ids.slice(start, start + idsPerRevoke);
    await Promise.all([broker.broadcast(encodeControl(revokeCommand(some, terminate))), log.revoke(some, Date.now())]);
  }
}
