import type { ResultOrigin } from "../protocol/result/stored-result.ts";
import { LigatureError } from "../errors/index.ts";

/** The version of both forms; others are refused. */
export const keptVersion = 1;

/** An `AsyncResult` that is kept for others, as data for `app.attach`. Small, without credentials; what is in it may change with the version. */
export interface KeptResult {
  readonly ligature: 1;
  readonly id: string;
  /** The task's name on the wire. */
  readonly task: string;
  /** All tasks of the workflow that this ends, for revoking; left out where it is this one only. */
  readonly workflow?: readonly string[];
  /** Where the result goes, on a backend that sends it to its caller. */
  readonly from?: ResultOrigin;
}

/** A `GroupResult` that is kept for others, as data for `app.attachGroup`. */
export interface KeptGroup {
  readonly ligature: 1;
  readonly group: string;
  readonly members: readonly KeptResult[];
}

/** @throws LigatureError `INVALID_OPTION` saying which part is wrong */
export function readKeptResult(given: unknown, where: string): KeptResult {
  const json = objectOf(given, where);
  if ("group" in json) throw wrong(where, "is that of a group: use app.attachGroup()");
  checkVersion(json, where);
  const { id, task, workflow, from } = json;
  return {
    ligature: keptVersion,
    id: name(id, "id", where),
    task: name(task, "task", where),
    ...(workflow !== undefined && { workflow: listOf(workflow, "workflow", where).map((each) => name(each, "workflow", where)) }),
    ...(from !== undefined && { from: originOf(from, where) }),
  };
}

/** @throws LigatureError `INVALID_OPTION` saying which part is wrong */
export function readKeptGroup(given: unknown, where: string): KeptGroup {
  const json = objectOf(given, where);
  if (!("group" in json) && "task" in json) throw wrong(where, "is that of a single result: use app.attach()");
  checkVersion(json, where);
  const members = listOf(json["members"], "members", where);
  return {
    ligature: keptVersion,
    group: name(json["group"], "group", where),
    members: members.map((member, index) => readKeptResult(member, `${where}, member ${index},`)),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(given: unknown, where: string): Fields {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given as Fields;
  const hint = typeof given === "string" ? ": give what JSON.parse makes of the text" : "";
  throw wrong(
    where,
    `must be what keep() of a result resolved with, got ${given === null ? "null" : Array.isArray(given) ? "a list" : typeof given}${hint}`,
  );
}

function checkVersion({ ligature }: Fields, where: string): void {
  if (ligature === keptVersion) return;
  if (ligature === undefined) {
    throw wrong(
      where,
      "has no version (ligature), so it is not what keep() of a result resolves with: write that down, JSON.stringify(await result.keep()), since the result itself only says which one it is",
    );
  }
  throw wrong(
    where,
    `has version ${JSON.stringify(ligature)}, this is a Ligature that reads version ${keptVersion}: use the same on both sides`,
  );
}

/** Ids and names end up in names of queues, which AMQP limits to 255 bytes. */
function name(value: unknown, field: string, where: string): string {
  if (typeof value === "string" && value !== "" && value.length <= 200) return value;
  throw wrong(where, `has no proper ${field}: a text of 1 to 200 characters is needed`);
}

function listOf(value: unknown, field: string, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(where, `has no proper ${field}: a list is needed`);
}

function originOf(value: unknown, where: string): ResultOrigin {
  const { replyTo, expires } = objectOf(value, `${where}: from`);
  if (typeof expires !== "number" || !Number.isSafeInteger(expires) || expires < 1) {
    throw wrong(where, "has no proper from.expires: a whole number of milliseconds is needed");
  }
  return { replyTo: name(replyTo, "from.replyTo", where), expires };
}

function wrong(where: string, what: string): LigatureError {
  return new LigatureError("INVALID_OPTION", `${where}: the JSON ${what}.`);
}
