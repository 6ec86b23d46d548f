import { LigatureError } from "../errors/index.ts";

const identifier = /^[A-Za-z][A-Za-z0-9_]*$/;
const wireName = /^[A-Za-z_][\w.-]*$/;
/** What Celery, AMQP and our own exchanges can all address; AMQP allows 255 bytes, suffixes such as `.dead` need some. */
const queueName = /^[A-Za-z0-9_][\w.:-]{0,199}$/;

/** Keys that would hide something of a contract, a promise or a prototype if a task or a parameter were called so. */
const reserved = new Set([
  "errors",
  "then",
  "catch",
  "finally",
  "toJSON",
  "toString",
  "valueOf",
  "constructor",
  "prototype",
  "__proto__",
  "name",
  "length",
  "ctx",
]);

/** Words that JavaScript, in a module, doesn't let a variable be called. */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** Refuses a contract part; `path` leads codegen to the place in the source. */
export function refuse(path: readonly string[], message: string): never {
  throw new LigatureError("INVALID_CONTRACT", message, { details: { path } });
}

export function checkContractName(name: unknown): asserts name is string {
  if (typeof name !== "string" || !identifier.test(name)) {
    refuse([], `A contract's name must be a JavaScript identifier of letters, digits and "_", got ${JSON.stringify(name)}.`);
  }
  if (reserved.has(name) || reservedWords.has(name)) {
    refuse([], `"${name}" is reserved and can't name a contract: its stubs are a const of that name.`);
  }
}

export function checkTaskKey(key: string, path: readonly string[]): void {
  if (!identifier.test(key)) refuse(path, `A task's key must be an identifier of letters, digits and "_", got "${key}".`);
  if (reserved.has(key)) refuse(path, `"${key}" is reserved: a contract's stubs need that name for themselves. Rename the task.`);
}

export function checkWireName(name: unknown, path: readonly string[]): asserts name is string {
  if (typeof name !== "string" || !wireName.test(name) || name.length > 255) {
    refuse(
      path,
      `A task's wire name must be words joined by ".", such as "processing.processFile", got ${JSON.stringify(name)}.`,
    );
  }
  if (name.startsWith("celery.")) refuse(path, `"${name}": names that start with "celery." are Celery's own tasks.`);
}

export function checkParamKey(key: string, path: readonly string[]): void {
  if (/^\d+$/.test(key)) {
    refuse(
      path,
      `A parameter can't be called "${key}": JavaScript moves integer-like keys to the front, and the order of the keys is the order of the arguments.`,
    );
  }
  if (!identifier.test(key)) refuse(path, `A parameter's name must be an identifier of letters, digits and "_", got "${key}".`);
  if (key === "ctx" || key === "__proto__" || key === "constructor" || key === "prototype") {
    refuse(path, `"${key}" is reserved and can't name a parameter.`);
  }
}

export function checkErrorName(name: string, path: readonly string[]): void {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) refuse(path, `A declared error is a class: its name must be PascalCase, got "${name}".`);
  if (name in globalThis) {
    refuse(path, `"${name}" is a JavaScript global; a declared error of that name would be confused with it.`);
  }
  if (name === "LigatureError" || name === "TaskError") {
    refuse(path, `"${name}" is one of Ligature's own errors; a declared error of that name would be confused with it.`);
  }
}

export function checkQueueName(name: unknown, path: readonly string[]): asserts name is string {
  if (typeof name !== "string" || !queueName.test(name)) {
    refuse(path, `A queue's name must be 1 to 200 letters, digits, "_", "-", "." or ":", got ${JSON.stringify(name)}.`);
  }
  if (name.startsWith("amq.")) refuse(path, `"${name}": RabbitMQ keeps names that start with "amq." for itself.`);
}
