import { parseWith } from "../../contract/index.ts";
import { ChordError, errorCodes, isDeclaredError, isErrorCode, LigatureError, TaskError } from "../../errors/index.ts";
import { knownContracts, type ContractRef } from "../../signature/index.ts";
import { bounded, boundedJson, isList, isObject, readNumbers } from "../envelope/index.ts";
import { isTypedValue, readTypedValue, unpackValue } from "../values/index.ts";
import { keepReceivedData } from "./received-data.ts";
import type { StoredResult } from "./stored-result.ts";

/** An exception as it arrived: its readable parts. */
interface Received {
  readonly type: string;
  readonly module: string | undefined;
  readonly args: readonly unknown[];
  readonly message: string;
  readonly traceback: string | undefined;
  /** Our key, where the exception has it. */
  readonly own: Readonly<Record<string, unknown>> | undefined;
  readonly status: string;
}

/**
 * The error that a FAILURE or REVOKED result means to the caller: declared class, ChordError, TaskError, or a coded
 * LigatureError. Never throws.
 * @param contract the one of the task whose result it is; an earlier task, of another contract, may have raised the error
 */
export function errorFromWire(result: StoredResult, contract: ContractRef | undefined): LigatureError {
  const received = receive(result);
  const expired = received.own?.["expired"];
  const error = errorOf(received, contract);
  return typeof expired === "string" ? Object.assign(error, { details: { ...error.details, expired } }) : error;
}

function errorOf(received: Received, contract: ContractRef | undefined): LigatureError {
  try {
    return (
      codedError(received) ??
      declaredError(received, contractOfError(received, contract)) ??
      declaredElsewhere(received) ??
      receivedChordError(received, contract) ??
      celeryError(received) ??
      taskError(received)
    );
  } catch {
    return taskError(received);
  }
}

function receive(result: StoredResult): Received {
  const { result: given, traceback, status }: Readonly<Record<string, unknown>> = { ...result };
  const exception = isObject(given) ? given : {};
  const type = exception["exc_type"];
  const module = exception["exc_module"];
  const own = exception["ligature"];
  const content = exception["exc_message"];
  const args = isList(content) ? content : content === undefined || content === null ? [] : [content];
  const isException = isObject(given) && typeof type === "string" && type !== "";
  return {
    type: isException ? type : "UnknownError",
    module: typeof module === "string" && module !== "" ? module : undefined,
    args,
    message: isException ? args.map(textOf).join(", ") : `The worker sent no exception, but ${bounded(textOf(given), 500)}.`,
    traceback: typeof traceback === "string" && traceback !== "" ? traceback : undefined,
    own: isObject(own) ? own : undefined,
    status: typeof status === "string" ? status : "",
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && isTypedValue(value)) return textOf(readTypedValue(value, undefined));
  return value instanceof Date ? value.toISOString() : (boundedJson(value, Number.POSITIVE_INFINITY) ?? String(value));
}

function taskError({ type, message, module, traceback }: Received, note = ""): TaskError {
  return new TaskError({ name: type, message: message + note, module, remoteStack: traceback });
}

/** An error of Ligature's own, from a Ligature worker. What only callers raise is never taken from the wire. */
function codedError({ own, message }: Received): LigatureError | undefined {
  const code = own?.["code"];
  if (typeof code !== "string" || !isErrorCode(code) || errorCodes[code].raisedBy === "caller" || code === "TASK_FAILED") {
    return undefined;
  }
  const raw = own?.["message"];
  const details = readNumbers(own?.["data"]);
  return new LigatureError(code, typeof raw === "string" ? raw : message, isObject(details) ? { details } : {});
}

/** The contract that declares an error: a Ligature worker names it; what Python raises is taken for this contract's. */
function contractOfError({ type, module, own }: Received, contract: ContractRef | undefined): ContractRef | undefined {
  if (contract?.errorClasses.has(type) === true && (contract.spec.runtime === "celery" || contract.spec.name === module))
    return contract;
  if (own === undefined) return undefined;
  return [...knownContracts()].find(({ spec, errorClasses }) => spec.name === module && errorClasses.has(type));
}

/**
 * A Python exception of an earlier step. Its module says nothing of contracts: it is taken for the error of that
 * name that a contract served by Python declares, if there is only one. A guess: where the data doesn't fit, it was another error.
 */
function declaredElsewhere(received: Received): LigatureError | undefined {
  const { type, module, own } = received;
  // JavaScript errors have these modules on the wire; a Python exception of somebody's own never has.
  if (own !== undefined || module === undefined || module === "javascript" || module === "builtins") return undefined;
  const [only, second] = [...knownContracts()].filter(
    ({ spec, errorClasses }) => spec.runtime === "celery" && errorClasses.has(type),
  );
  if (only === undefined || second !== undefined) return undefined;
  const error = declaredError(received, only);
  return isDeclaredError(error) ? error : undefined;
}

/** A chord's failure, from a worker of Ligature, which tells the member's own error, or of Celery, which names its id. */
function receivedChordError(received: Received, contract: ContractRef | undefined): ChordError | undefined {
  const { type, module, own, message, traceback } = received;
  if (type !== "ChordError" || module !== "celery.exceptions") return undefined;
  const told = own?.["member"];
  if (!isObject(told) || typeof told["id"] !== "string") {
    const id = /^Dependency (\S+) raised /.exec(message)?.[1];
    return id === undefined
      ? undefined
      : new ChordError({ message, member: { index: undefined, id, task: undefined }, remoteStack: traceback });
  }
  const { index, id, task, error } = told;
  const member = {
    index: typeof index === "number" ? index : undefined,
    id,
    task: typeof task === "string" ? task : undefined,
  };
  const cause = isObject(error) ? causeOf(id, error, contract) : undefined;
  return new ChordError({ message, member, remoteStack: traceback, ...(cause !== undefined && { cause }) });
}

/** One level only: what is received may nest as deep as a message may. */
function causeOf(id: string, error: Readonly<Record<string, unknown>>, contract: ContractRef | undefined): LigatureError {
  const own = error["ligature"];
  const { member, ...others } = isObject(own) ? own : {};
  const { error: _deeper, ...place } = isObject(member) ? member : {};
  const ligature = isObject(member) ? { ...others, member: place } : others;
  const result = { ...error, ligature: isObject(own) ? ligature : undefined };
  return errorFromWire({ task_id: id, status: "FAILURE", result, traceback: null, children: [] }, contract);
}

/**
 * A declared error of this contract, made of data that fits its schema. A Ligature worker names the contract as the
 * module and sends the data; a Python service, whose modules have names of their own, raises an exception of that name
 * with the data as its only argument.
 */
function declaredError(received: Received, contract: ContractRef | undefined): LigatureError | undefined {
  const { type, module, own, args, message, traceback } = received;
  const Declared = contract?.errorClasses.get(type);
  if (contract === undefined || Declared === undefined) return undefined;
  const isOurs = module === contract.spec.name && own !== undefined && "data" in own;
  const isPython = contract.spec.runtime === "celery" && own === undefined && args.length === 1;
  if (!isOurs && !isPython) return undefined;
  const schema = [...contract.tasks.values()].map(({ spec }) => spec.errors.get(type)).find((found) => found !== undefined);
  if (schema === undefined) return undefined;
  const note = (why: string): TaskError =>
    taskError(received, ` (It is declared as ${contract.spec.name}.errors.${type}, but ${why}.)`);
  const packed = isOurs ? { json: own["data"], meta: own["meta"] } : { json: args[0] };
  let parsed: ReturnType<typeof parseWith>;
  try {
    parsed = parseWith(schema, unpackValue(packed, schema, isOurs));
  } catch (error) {
    return note(`its data can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed instanceof Promise) {
    parsed.catch(() => {});
    return note("its schema is asynchronous, and an error's data is checked at once");
  }
  if (!parsed.ok) return note(`its data doesn't fit our version of the contract: ${parsed.issues[0]?.message ?? ""}`);
  const error = isOurs ? new Declared(parsed.value, { message }) : new Declared(parsed.value);
  keepReceivedData(error, packed);
  // The constructor is for handlers, who have no remote stack.
  Object.defineProperty(error, "remoteStack", { value: traceback, enumerable: true, configurable: true, writable: true });
  return error;
}

/** Celery's own exceptions that mean one of our codes. */
function celeryError({ type, module, args, status }: Received): LigatureError | undefined {
  const first = readNumbers(args[0]);
  const shown = first === undefined ? "" : `: ${bounded(textOf(first), 500)}`;
  if (module === "celery.exceptions" && type === "NotRegistered") {
    return new LigatureError("NOT_REGISTERED", `The worker has no handler for this task${shown}.`);
  }
  if ((module === "celery.exceptions" && type === "TaskRevokedError") || status === "REVOKED") {
    if (first === "expired") return new LigatureError("EXPIRED", "The task expired before a worker could start it.");
    return new LigatureError("REVOKED", first === "terminated" ? "The task was revoked while it ran." : "The task was revoked.", {
      details: { terminated: first === "terminated" },
    });
  }
  if (module !== "billiard.exceptions") return undefined;
  if (type === "TimeLimitExceeded") {
    const limit = typeof first === "number" ? ` of ${first} s` : "";
    return new LigatureError("TIME_LIMIT", `The task ran past its hard time limit${limit}.`);
  }
  return type === "WorkerLostError"
    ? new LigatureError("WORKER_LOST", `The worker was lost while it ran the task${shown}.`)
    : undefined;
}
