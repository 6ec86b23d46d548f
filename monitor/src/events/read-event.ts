import { hash } from "node:crypto";
import { taskEventTypes, type MonitorEvent, type Oddity, type TaskEvent, type TaskEventType, type WorkerEvent } from "./event.ts";
import { anyTextOf, countOf, jsonOf, numberOf, textOf } from "./text.ts";

/** What an event's own time may be away from the monitor's clock. Milliseconds. */
export interface Window {
  /** Events that are older are counted and not kept: their days are gone. */
  readonly past: number;
  /** Events from further in the future get the time at which they arrived. */
  readonly future: number;
}

export interface ReadEvent {
  readonly event: MonitorEvent;
  /** Its own time was further in the future than a clock may be wrong. */
  readonly fromFuture: boolean;
}

const limits = { id: 255, name: 255, host: 255, short: 1024, exception: 4096, traceback: 16_384, progress: 2048 } as const;
const taskTypes: ReadonlySet<string> = new Set(taskEventTypes);
const workerTypes: ReadonlySet<string> = new Set(["worker-online", "worker-heartbeat", "worker-offline"]);

/** Reads what was sent as an event; trusts nothing in it. Fields of other forms than Celery's are left out. */
export function readEvent(raw: unknown, receivedAt: number, window: Window): ReadEvent | Oddity {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return "malformed";
  const fields = raw as Readonly<Record<string, unknown>>;
  const type = fields["type"];
  const host = textOf(fields["hostname"], limits.host);
  const timestamp = numberOf(fields["timestamp"]);
  if (typeof type !== "string" || host === undefined || timestamp === undefined) return "malformed";
  const isTask = taskTypes.has(type);
  if (!isTask && !workerTypes.has(type)) return "unknown type";
  const own = timestamp * 1000;
  if (own < receivedAt - window.past) return "too old";
  const fromFuture = own > receivedAt + window.future;
  const at = fromFuture ? receivedAt : own;
  const boot = uuidOf(fields["boot"]);
  const seq = numberOf(fields["seq"]);
  const numbers = boot !== undefined && seq !== undefined && Number.isSafeInteger(seq) && seq >= 0 ? { boot, seq } : {};
  const common = { host, at, receivedAt, key: keyOf(fields, timestamp, host, type), ...numbers };
  if (!isTask) return { event: workerEvent(fields, type as WorkerEvent["type"], common), fromFuture };
  const id = textOf(fields["uuid"], limits.id);
  if (id === undefined) return "malformed";
  return { event: taskEvent(fields, type as TaskEventType, id, common), fromFuture };
}

type Common = Pick<TaskEvent, "host" | "at" | "receivedAt" | "key" | "boot" | "seq">;

function workerEvent(fields: Readonly<Record<string, unknown>>, type: WorkerEvent["type"], common: Common): WorkerEvent {
  const load = fields["loadavg"];
  const every = numberOf(fields["freq"]) ?? 2;
  return {
    kind: "worker",
    type,
    ...common,
    every: Math.min(Math.max(every, 1), 600),
    ...defined({
      pid: countOf(fields["pid"]),
      active: countOf(fields["active"]),
      processed: countOf(fields["processed"]),
      load: Array.isArray(load) ? load.slice(0, 3).flatMap((each) => numberOf(each) ?? []) : undefined,
      software: textOf([fields["sw_ident"], fields["sw_ver"]].filter((each) => typeof each === "string").join(" "), 80),
    }),
  };
}

function taskEvent(fields: Readonly<Record<string, unknown>>, type: TaskEventType, id: string, common: Common): TaskEvent {
  const traceback = textOf(fields["traceback"], limits.traceback);
  const exception = unwrapped(textOf(fields["exception"], limits.exception), traceback);
  return {
    kind: "task",
    type,
    id,
    ...common,
    ...defined({
      name: textOf(fields["name"], limits.name),
      queue: textOf(fields["queue"], limits.name),
      rootId: textOf(fields["root_id"], limits.id),
      parentId: textOf(fields["parent_id"], limits.id),
      retries: countOf(fields["retries"]),
      args: shownOf(fields["args"]),
      kwargs: shownOf(fields["kwargs"]),
      result: anyTextOf(fields["result"], limits.short),
      eta: timeOf(fields["eta"]),
      expires: timeOf(fields["expires"]),
      runtime: runtimeOf(fields["runtime"]),
      error: textOf(fields["error_name"], 100) ?? (exception === undefined ? undefined : errorClassOf(exception)),
      exception,
      traceback,
      progress: type === "task-progress" ? jsonOf(fields["progress"] ?? fields["value"], limits.progress) : undefined,
      contract: textOf(fields["fingerprint"], limits.name),
      size: countOf(fields["size"]),
    }),
  };
}

/** Celery's workers may wrap an error (billiard's ExceptionWithTraceback) and name the wrapper; the end of the traceback says which it was. */
function unwrapped(exception: string | undefined, traceback: string | undefined): string | undefined {
  if (exception?.startsWith("ExceptionWithTraceback") !== true || traceback === undefined) return exception;
  const lines = traceback.split("\n").filter((line) => /^[A-Za-z_][\w.]*(: |$)/.test(line));
  return lines.at(-1) ?? exception;
}

/** `ValueError("no")` and `WrongFormat: line 3` are of the classes ValueError and WrongFormat. */
export function errorClassOf(exception: string): string {
  return /^([A-Za-z_$][\w.$]{0,99})(?=$|[(:\s,])/.exec(exception)?.[1] ?? "other";
}

function defined<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** Where arguments are kept back, Ligature and some Celery versions send three dots. */
function shownOf(value: unknown): string | undefined {
  return value === "..." ? undefined : anyTextOf(value, limits.short);
}

function runtimeOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  // What a clock that was set back has measured.
  return seconds === undefined ? undefined : Math.max(0, seconds);
}

/** ISO, as Celery sends it. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== "string" || value.length > 40) return undefined;
  const time = Date.parse(value);
  return Number.isFinite(time) ? time : undefined;
}

function uuidOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value)
    ? value.toLowerCase()
    : undefined;
}

/** Celery numbers nothing; host, process and its logical clock are unlikely to agree for two events of one type and task. */
function keyOf(fields: Readonly<Record<string, unknown>>, timestamp: number, host: string, type: string): string {
  const { boot, seq, pid, clock, uuid } = fields;
  const said = typeof boot === "string" && typeof seq === "number" ? [boot, seq] : [host, pid, clock, type, uuid, timestamp];
  // Not for secrecy: any hash that is long enough; sha1 is there where md5 isn't allowed.
  return hash("sha1", JSON.stringify(said), "hex").slice(0, 32);
}
