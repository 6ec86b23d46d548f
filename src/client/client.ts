import type { ResultBackend } from "../backend/index.ts";
import type { Broker } from "../broker/index.ts";
import type { Intercept } from "../interceptors/index.ts";
import type { OpenOnce } from "../once/index.ts";
import type { Publisher, RevocationLog } from "../outgoing/index.ts";
import { encodeControl, revokeCommand, revokeRootCommand } from "../protocol/index.ts";
import type { SignatureData } from "../signature/index.ts";
import { Deadlines } from "../timing/index.ts";
import type { LigatureError } from "../errors/index.ts";
import type { RevokeOptions, WaitOptions } from "./async-result.ts";
import { atCaller } from "./at-caller.ts";
import { checkIds, type Asked, type AskedGroup } from "./attach.ts";
import { GroupHandle } from "./group-handle.ts";
import { endOfSending } from "./remote.ts";
import type { ResultHandle } from "./result-handle.ts";
import { Sender } from "./sender.ts";
import { withinWait } from "./wait.ts";

/** What a client needs of its app. */
export interface ClientDependencies {
  readonly broker: Broker;
  readonly backend: ResultBackend;
  readonly publisher: Publisher;
  /** How what it sends goes through the app's interceptors; undefined where there are none. */
  readonly intercept: Intercept | undefined;
  readonly revocationLog: RevocationLog;
  readonly openOnce: OpenOnce;
  /** Times are milliseconds. */
  readonly publishTimeout: number;
  readonly resultExpires: number;
  readonly maxPending: number;
}

/** The calling side of an app. It speaks of unknown where `App` has generics; every value passes through schemas. */
export interface Client {
  /** Sends what stubs call. */
  readonly sender: Sender;
  /** Sends a complete signature; resolves with its `AsyncResult` or `GroupResult`. */
  send(data: SignatureData, options: WaitOptions): Promise<unknown>;
  /** A task that was sent elsewhere. */
  attach(asked: Asked): ResultHandle;
  attachGroup(asked: AskedGroup): GroupHandle;
  /** Tells every worker not to start these tasks. */
  revoke(ids: string | readonly string[], options: RevokeOptions): Promise<void>;
  /** Tells every worker to start nothing of this workflow. */
  revokeWorkflow(rootId: string, options: RevokeOptions): Promise<void>;
  /** Ends every pending result. */
  close(error: LigatureError): void;
}

export function createClient(dependencies: ClientDependencies): Client {
  const { broker, backend, revocationLog } = dependencies;
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
    sender,
    send: (data, options) => send(sender, data, options),
    attach: (asked) => attach(sender, asked),
    attachGroup: ({ id, members, workflow }) =>
      new GroupHandle(
        id,
        members.map((asked) => attach(sender, asked)),
        { parent: undefined, workflow, env: sender.results },
      ),
    revoke: (ids, options) => {
      const { terminate = false, ...wait } = options;
      return withinWait(revokeAll(checkIds(ids), terminate), wait, "revoke()");
    },
    revokeWorkflow: (rootId, options) => {
      const { terminate = true, ...wait } = options;
      const [root = ""] = checkIds(rootId, "revokeWorkflow()");
      const command = encodeControl(revokeRootCommand(root, terminate));
      const revoked = Promise.all([broker.broadcast(command), revocationLog.revokeRoots([root], Date.now())]);
      return withinWait(
        revoked.then(() => {}),
        wait,
        "revokeWorkflow()",
      );
    },
    close: (error) => sender.close(error),
  };
}

function attach(sender: Sender, { task, kept: { id, workflow, from } }: Asked): ResultHandle {
  return sender.attach(task, id, { workflow, from });
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
