import { LigatureError } from "../errors/index.ts";
import { joined, tailOf, type SignatureData, type TaskRef } from "../signature/index.ts";
import { readKeptGroup, readKeptResult, type KeptResult } from "./kept-result.ts";

/** A result that was sent for elsewhere, as the program asks for it. */
export interface Asked {
  readonly task: TaskRef;
  readonly kept: Pick<KeptResult, "id" | "workflow" | "from">;
}

export interface AskedGroup {
  readonly id: string;
  readonly members: readonly Asked[];
  /** Every task of the group and of what came before. */
  readonly workflow: readonly string[];
}

/**
 * @param isRpc whether the app's results come by `rpc://`
 * @throws LigatureError `INVALID_OPTION` for JSON that isn't of this task, or of results elsewhere
 */
export function askedResult(task: unknown, json: unknown, isRpc: boolean): Asked {
  return askedOf(taskOf(task, "attach()"), readKeptResult(json, "attach()"), isRpc, "attach()");
}

/** @throws LigatureError `INVALID_OPTION` for JSON that isn't of these tasks, or of results elsewhere */
export function askedGroup(tasks: unknown, json: unknown, isRpc: boolean): AskedGroup {
  const where = "attachGroup()";
  const { group, members } = readKeptGroup(json, where);
  const wanted = Array.isArray(tasks) ? tasks.map((task) => taskOf(task, where)) : undefined;
  if (wanted !== undefined && wanted.length !== members.length) {
    throw new LigatureError(
      "INVALID_OPTION",
      `${where}: the JSON is of a group of ${members.length} members, and ${wanted.length} tasks are given. Give one for each, or a single task for all.`,
    );
  }
  const only = wanted === undefined ? taskOf(tasks, where) : undefined;
  return {
    id: group,
    members: members.map((member, index) =>
      askedOf((wanted?.[index] ?? only) as TaskRef, member, isRpc, `${where}, member ${index}`),
    ),
    workflow: members.flatMap(({ id, workflow: all }) => all ?? [id]),
  };
}

/** @throws LigatureError `INVALID_OPTION` for what is no id, and on `rpc://` */
export function askedById(given: unknown, id: unknown, isRpc: boolean): Asked {
  const task = taskOf(given, "result()");
  const [checked] = checkIds(id, "result()");
  if (isRpc) {
    throw new LigatureError(
      "INVALID_OPTION",
      `result(): on rpc:// a result goes to the app that sent ${task.spec.name} and can't be had by its id alone. There, write down what keep() of the result resolves with, for app.attach(); or give both apps a backend that stores results, such as redis://. app.revoke(id) works everywhere.`,
      { details: { id: checked, task: task.spec.name } },
    );
  }
  return { task, kept: { id: checked as string } };
}

/** @throws LigatureError `INVALID_OPTION` */
export function checkIds(ids: unknown, where = "revoke()"): readonly string[] {
  const list: readonly unknown[] = Array.isArray(ids) ? ids : [ids];
  const wrong = list.find((id) => typeof id !== "string" || id === "" || id.length > 200);
  if (wrong === undefined && !list.includes(undefined)) return list as readonly string[];
  throw new LigatureError(
    "INVALID_OPTION",
    `${where} needs a task's id, a text of 1 to 200 characters, got ${JSON.stringify(wrong)}.`,
  );
}

function askedOf(task: TaskRef, kept: KeptResult, isRpc: boolean, where: string): Asked {
  const { id, task: name, from } = kept;
  if (name !== task.spec.name) {
    throw new LigatureError(
      "INVALID_OPTION",
      `${where}: the JSON is of a result of ${name}, not of ${task.spec.name}. Attach it with the task that was sent; of a chain that is its last step.`,
      { details: { expected: task.spec.name, actual: name } },
    );
  }
  if ((from !== undefined) !== isRpc) {
    const [theirs, ours] = from === undefined ? ["memory:// or redis://", "rpc://"] : ["rpc://", "another"];
    throw new LigatureError(
      "INVALID_OPTION",
      `${where}: the result of ${name}[${id}] was sent for on the backend ${theirs}, this app's is ${ours}. Give both apps the same backend.`,
    );
  }
  return { task, kept };
}

/** What a program has of a task: the contract's, the remote one, or a signature that ends in it. */
function taskOf(given: unknown, where: string): TaskRef {
  if ((typeof given === "object" && given !== null) || typeof given === "function") {
    if ("~task" in given) return given["~task"] as TaskRef;
    if ("~signature" in given) return tailOf(joined(given["~signature"] as SignatureData)).task;
  }
  throw new LigatureError(
    "INVALID_OPTION",
    `${where} needs the task whose result it is, as a generated contract or app.remote() has it, got ${given === null ? "null" : typeof given}.`,
  );
}
