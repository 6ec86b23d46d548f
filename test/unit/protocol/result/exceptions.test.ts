import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import vm from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contract, task } from "../../../../src/dist/contract/index.js";
import { errorCodes, LigatureError, TaskError, type ErrorCode } from "../../../../src/dist/errors/index.js";
import {
  decodeResult,
  errorFromWire,
  exceptionToWire,
  chordError,
  failureOf,
  newTaskMessage,
  type StoredResult,
  type WireException,
} from "../../../../src/dist/protocol/index.js";
import { generated, ours, theirs } from "../contract.ts";

const wire = (error: unknown): WireException => exceptionToWire(error).exception;

/** Thrown here, stored, sent, received and understood there. */
function received(error: unknown, contractRef = ours["~generated"], status: StoredResult["status"] = "FAILURE"): LigatureError {
  const { exception, traceback } = exceptionToWire(error);
  const result = { task_id: "1", status, result: exception, traceback, children: [] };
  return errorFromWire(JSON.parse(JSON.stringify(result)), contractRef);
}

function stored(result: unknown, change: Partial<StoredResult> = {}): StoredResult {
  return { task_id: "1", status: "FAILURE", result, traceback: null, children: [], ...change };
}

describe("exceptionToWire", () => {
  it("writes an ordinary error with its stack and its causes' stacks", () => {
    const error = new Error("outer", { cause: new RangeError("inner") });
    const { exception, traceback } = exceptionToWire(error);
    expect(exception).toEqual({ exc_type: "Error", exc_message: ["outer"], exc_module: "javascript" });
    expect(traceback).toContain(error.stack);
    expect(traceback).toMatch(/Caused by: RangeError: inner\n {4}at /);
  });

  it("ends a cycle of causes", () => {
    const error = new Error("a");
    error.cause = error;
    expect(exceptionToWire(error).traceback?.match(/Caused by/g)).toHaveLength(5);
  });

  it("puts names that are exceptions in Python into its builtins, and no others", () => {
    const named = (name: string) => wire(Object.assign(new Error("m"), { name }));
    for (const name of ["TypeError", "ValueError", "TimeoutError", "UserWarning"]) {
      expect(named(name)).toMatchObject({ exc_type: name, exc_module: "builtins" });
    }
    // builtins.print and builtins.object are no exceptions, builtins.BaseException is more than one.
    for (const name of ["print", "object", "Error", "BaseException", "SystemExit", "__import__"]) {
      expect(named(name)).toMatchObject({ exc_type: name, exc_module: "javascript" });
    }
  });

  it("makes a name that Python can make a class of", () => {
    const named = (name: unknown) => wire(Object.assign(new Error("m"), { name })).exc_type;
    expect(named("a\0b\ud800")).toBe("a_b_");
    expect(named("")).toBe("Error");
    expect(named(7)).toBe("Error");
    expect(named("x".repeat(1000))).toHaveLength(200);
  });

  it.each<[string, unknown, string, string]>([
    ["a string", "boom", "NonErrorThrown", "boom"],
    ["nothing", undefined, "NonErrorThrown", "undefined"],
    ["an object", { code: 7 }, "NonErrorThrown", "{ code: 7 }"],
    ["something like an error", { name: "Oops", message: "m" }, "Oops", "m"],
    ["an error of another realm", vm.runInNewContext("new TypeError('far')"), "TypeError", "far"],
    ["an aborted signal's reason", AbortSignal.abort().reason, "AbortError", "This operation was aborted"],
  ])("says something sensible of %s", (_name, thrown, type, message) => {
    expect(wire(thrown)).toMatchObject({ exc_type: type, exc_message: [message] });
  });

  it("doesn't fall over what can't be looked at", () => {
    const hostile = new Proxy(
      {},
      {
        has: () => {
          throw new Error("no");
        },
        getPrototypeOf: () => {
          throw new Error("no");
        },
      },
    );
    expect(wire(hostile)).toMatchObject({ exc_type: "NonErrorThrown" });
    const getter = Object.defineProperty(new Error("x"), "message", {
      get: () => {
        throw new Error("no");
      },
    });
    expect(wire(getter).exc_message[0]).toBe("(its message can't be read)");
  });

  it("is bounded", () => {
    const error = new Error("m".repeat(1_000_000));
    error.stack = "s".repeat(1_000_000);
    const { exception, traceback } = exceptionToWire(error);
    expect(exception.exc_message[0]).toHaveLength(64 * 1024);
    expect(traceback).toHaveLength(16 * 1024);
  });

  it("leaves no half of a surrogate pair, which Python couldn't print", () => {
    expect(wire(new Error(`${"x".repeat(64 * 1024 - 2)}😀😀`)).exc_message[0]).toMatch(/x\ufffd…$/);
  });

  it("keeps a declared error's data", () => {
    const error = ours.error("WrongFormat", { line: 3, at: new Date(0) });
    expect(wire(error)).toEqual({
      exc_type: "WrongFormat",
      exc_message: ['WrongFormat {"line":3,"at":"1970-01-01T00:00:00.000Z"}'],
      exc_module: "ours",
      ligature: { data: { line: 3, at: "1970-01-01T00:00:00.000Z" }, meta: { values: { at: ["Date"] }, v: 1 } },
    });
  });

  it("tells of a declared error whose data can't be written as of any other error", () => {
    expect(wire(ours.error("WrongFormat", { line: () => 1 }))).toEqual({
      exc_type: "WrongFormat",
      exc_message: ["WrongFormat {}"],
      exc_module: "javascript",
    });
  });

  it.each<[ErrorCode, LigatureError["details"], string, unknown, string]>([
    ["REVOKED", undefined, "TaskRevokedError", "revoked", "celery.exceptions"],
    ["REVOKED", { terminated: true }, "TaskRevokedError", "terminated", "celery.exceptions"],
    ["EXPIRED", undefined, "TaskRevokedError", "expired", "celery.exceptions"],
    ["NOT_REGISTERED", { task: "a.b" }, "NotRegistered", "a.b", "celery.exceptions"],
    ["TIME_LIMIT", { seconds: 3 }, "TimeLimitExceeded", 3, "billiard.exceptions"],
    ["WORKER_LOST", undefined, "WorkerLostError", "why", "billiard.exceptions"],
    ["INVALID_ARGUMENTS", { issues: [] }, "LigatureError", "[INVALID_ARGUMENTS] why", "ligature"],
  ])("gives %s %o Celery's name", (code, details, type, argument, module) => {
    expect(wire(new LigatureError(code, "why", details === undefined ? {} : { details }))).toEqual({
      exc_type: type,
      exc_message: [argument],
      exc_module: module,
      ligature: { code, message: "why", ...(details !== undefined && { data: details }) },
    });
  });

  it("writes what only a caller raises as an ordinary error: it came from a call that the handler made", () => {
    expect(wire(new LigatureError("TIMED_OUT", "why"))).toEqual({
      exc_type: "LigatureError",
      exc_message: ["[TIMED_OUT] why"],
      exc_module: "ligature",
    });
  });

  it("passes a relayed error on under its own name, but no module that could mean something else", () => {
    const relay = (name: string, module: string) => wire(new TaskError({ name, module, message: "m", remoteStack: "remote" }));
    expect(relay("QuotaError", "app.errors")).toMatchObject({ exc_type: "QuotaError", exc_module: "app.errors" });
    expect(relay("system", "os")).toMatchObject({ exc_type: "system", exc_module: "javascript" });
    expect(relay("FooError", "not a module")).toMatchObject({ exc_module: "builtins" });
    expect(exceptionToWire(new TaskError({ name: "E", message: "m", remoteStack: "far away" })).traceback).toContain("far away");
  });

  it("always has what Python can't do without, whatever was thrown", () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (thrown) => {
        const { exception } = JSON.parse(JSON.stringify(exceptionToWire(thrown)));
        expect(exception.exc_type).toEqual(expect.any(String));
        expect(exception.exc_type).not.toBe("");
        expect(exception.exc_message).toEqual([expect.any(String)]);
        expect(exception.exc_module).toEqual(expect.any(String));
      }),
    );
  });
});

describe("errorFromWire", () => {
  it("makes a declared error of its class, with the data that its schema makes of it", () => {
    const sent = ours.error("WrongFormat", { line: 3, at: new Date(0), extra: 1 });
    const error = received(sent) as TaskError & { data: unknown };
    const Declared = ours["~generated"].errorClasses.get("WrongFormat");
    expect(error).toBeInstanceOf(Declared);
    expect(error.data).toStrictEqual({ line: 3, at: new Date(0) });
    expect(error.message).toBe(sent.message);
    expect(error.remoteStack).toBe(sent.stack);
    expect(error.code).toBe("TASK_FAILED");
  });

  it("claims no declared error whose data doesn't fit", () => {
    const exception = wire(ours.error("WrongFormat", { line: "3", at: new Date(0) }));
    const error = errorFromWire(stored(exception), ours["~generated"]);
    expect(error).not.toBeInstanceOf(ours["~generated"].errorClasses.get("WrongFormat"));
    expect(error).toBeInstanceOf(TaskError);
    expect(error.name).toBe("WrongFormat");
    expect(error.message).toContain("its data doesn't fit our version of the contract");
  });

  it("claims none whose meta is forged, or whose schema can't be asked at once", () => {
    const forged = {
      exc_type: "WrongFormat",
      exc_message: ["m"],
      exc_module: "ours",
      ligature: { data: {}, meta: { values: { x: ["Date"] }, v: 1 } },
    };
    expect(errorFromWire(stored(forged), ours["~generated"]).message).toContain("its data can't be read");
    expect(received(ours.error("Late", { by: 1 })).message).toContain("its schema is asynchronous");
  });

  it("finds the contract that declares it among those loaded, since an earlier step of a chain may be another one's", () => {
    const other = generated(
      contract("other", { tasks: { t: task({ errors: { WrongFormat: z.object({ line: z.number(), at: z.date() }) } }) } }),
    );
    for (const ref of [other["~generated"], undefined]) {
      const error = errorFromWire(stored(wire(ours.error("WrongFormat", { line: 3, at: new Date(0) }))), ref);
      expect(error).toMatchObject({ name: "WrongFormat", module: "ours", data: { line: 3, at: new Date(0) } });
    }
  });

  it("takes a Python exception of an earlier step for the only contract's that declares its name", () => {
    const raised = (exc_module: string, data: unknown): unknown =>
      errorFromWire(stored({ exc_type: "QuotaExceeded", exc_message: [data], exc_module }), ours["~generated"]);
    expect(raised("shop.errors", { limit: 3 })).toMatchObject({ name: "QuotaExceeded", data: { limit: 3 } });
    // A guess that doesn't fit is none; neither is a JavaScript error of that name.
    const other = raised("shop.errors", "no more");
    expect(other).toMatchObject({ name: "QuotaExceeded", message: "no more" });
    expect(other).not.toHaveProperty("data");
    for (const module of ["javascript", "builtins"]) expect(raised(module, { limit: 3 })).not.toHaveProperty("data");
  });

  it("claims none of a contract that isn't loaded", () => {
    const unloaded = { ...wire(ours.error("WrongFormat", { line: 3, at: new Date(0) })), exc_module: "elsewhere" };
    for (const ref of [ours["~generated"], undefined]) {
      const error = errorFromWire(stored(unloaded), ref);
      expect(error).toMatchObject({ name: "WrongFormat", module: "elsewhere" });
      expect(error).not.toHaveProperty("data");
    }
  });

  it("makes a declared error of a Python exception with the data as its argument", () => {
    const raised = (args: unknown) =>
      errorFromWire(stored({ exc_type: "QuotaExceeded", exc_message: args, exc_module: "app.errors" }), theirs["~generated"]);
    expect(raised([{ limit: 7 }])).toMatchObject({ name: "QuotaExceeded", data: { limit: 7 } });
    expect(raised([{ limit: 7 }])).toBeInstanceOf(theirs["~generated"].errorClasses.get("QuotaExceeded"));
    expect(raised(["too much"])).not.toHaveProperty("data");
    expect(raised(["too much", 7])).toMatchObject({ name: "QuotaExceeded", message: "too much, 7" });
    // Our own workers always send the data in its place.
    const lookalike = stored({ exc_type: "WrongFormat", exc_message: [{ line: 1, at: "2026-11-22" }], exc_module: "x" });
    expect(errorFromWire(lookalike, ours["~generated"])).not.toHaveProperty("data");
  });

  it("gives back every code that a worker raises, and none that only a caller can", () => {
    for (const [code, { raisedBy }] of Object.entries(errorCodes)) {
      const error = received(new LigatureError(code as ErrorCode, "why", { details: { task: "a" } }));
      if (raisedBy === "caller")
        expect(error).toMatchObject({ code: "TASK_FAILED", name: "LigatureError", message: `[${code}] why` });
      else if (code !== "TASK_FAILED") expect(error).toMatchObject({ code, rawMessage: "why", details: { task: "a" } });
    }
    const forged = (code: unknown) =>
      errorFromWire(stored({ exc_type: "E", exc_message: [], exc_module: "m", ligature: { code } }), undefined);
    for (const code of ["CONNECTION_LOST", "TASK_FAILED", "__proto__", "toString", 7])
      expect(forged(code).code).toBe("TASK_FAILED");
  });

  it("keeps a remote error's name, message, module and stack", () => {
    const error = new RangeError("bad");
    expect(received(error)).toMatchObject({ code: "TASK_FAILED", name: "RangeError", message: "bad", remoteStack: error.stack });
  });

  it.each<[string, unknown, Partial<TaskError>]>([
    ["null", null, { name: "UnknownError", message: "The worker sent no exception, but null." }],
    ["a string", "oops", { name: "UnknownError", message: "The worker sent no exception, but oops." }],
    ["no type", { exc_message: ["m"] }, { name: "UnknownError" }],
    ["an empty type", { exc_type: "", exc_message: ["m"] }, { name: "UnknownError" }],
    ["a string as message", { exc_type: "E", exc_message: "m", exc_module: "a" }, { name: "E", message: "m", module: "a" }],
    ["no message", { exc_type: "E" }, { name: "E", message: "", module: undefined }],
    ["objects in the message", { exc_type: "E", exc_message: ["a", { b: 1 }, null] }, { name: "E", message: 'a, {"b":1}, null' }],
    ["other types everywhere", { exc_type: "E", exc_message: 7, exc_module: [], ligature: "x" }, { name: "E", message: "7" }],
  ])("makes a TaskError of %s", (_name, result, expected) => {
    const error = errorFromWire(stored(result), ours["~generated"]);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ code: "TASK_FAILED", ...expected });
  });

  it("never throws", () => {
    const exception = fc.record(
      {
        exc_type: fc.oneof(fc.constantFrom("WrongFormat", "NotRegistered", "TaskRevokedError"), fc.anything()),
        exc_message: fc.anything(),
        exc_module: fc.oneof(fc.constantFrom("ours", "celery.exceptions", "billiard.exceptions"), fc.anything()),
        ligature: fc.oneof(
          fc.anything(),
          fc.record({ code: fc.anything(), data: fc.anything(), meta: fc.anything() }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(exception, fc.anything()), fc.anything(), (result, traceback) => {
        const error = errorFromWire({ ...stored(result), traceback } as StoredResult, ours["~generated"]);
        expect(error).toBeInstanceOf(LigatureError);
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(["5.2.6", "5.6.3"])("errors of Celery %s", (version) => {
  const results: Record<string, string> = JSON.parse(
    readFileSync(new URL(`../fixtures/celery-${version}.json`, import.meta.url), "utf8"),
  ).results;
  const properties = { contentType: "application/json", contentEncoding: "utf-8" };

  it.each<[string, object]>([
    ["ValueError", { code: "TASK_FAILED", name: "ValueError", message: "bad value", module: "builtins" }],
    ["two arguments", { code: "TASK_FAILED", message: "disk, 7" }],
    ["no argument", { code: "TASK_FAILED", name: "KeyError", message: "" }],
    ["NotRegistered", { code: "NOT_REGISTERED", rawMessage: "The worker has no handler for this task: a.unknown." }],
    ["revoked", { code: "REVOKED", details: { terminated: false } }],
    ["terminated", { code: "REVOKED", details: { terminated: true } }],
    ["expired", { code: "EXPIRED" }],
    ["TimeLimitExceeded", { code: "TIME_LIMIT", rawMessage: "The task ran past its hard time limit of 3 s." }],
    ["WorkerLostError", { code: "WORKER_LOST" }],
  ])("%s", (name, expected) => {
    const body = Buffer.from(results[name] ?? "");
    expect(errorFromWire(decodeResult({ body, properties }), ours["~generated"])).toMatchObject(expected);
  });
});

describe("failureOf", () => {
  const message = newTaskMessage({ id: "1", task: "a.b", args: ["x"], retries: 2 });

  it("tells error callbacks what failed, and how", () => {
    const error = ours.error("WrongFormat", { line: 3, at: new Date(0) });
    expect(failureOf(message, error)).toEqual({
      request: { id: "1", task: "a.b", args: ["x"], retries: 2 },
      error: {
        name: "WrongFormat",
        message: error.message,
        module: "ours",
        data: { line: 3, at: "1970-01-01T00:00:00.000Z" },
        meta: expect.anything(),
        stack: error.stack,
      },
    });
    expect(failureOf(message, new LigatureError("NOT_REGISTERED", "why")).error).toMatchObject({
      name: "NotRegistered",
      message: "why",
    });
  });

  it("tells the error callbacks of a chord's body which member failed, and how", () => {
    const cause = ours.error("WrongFormat", { line: 3, at: new Date(0) });
    const { member, ...error } = failureOf(message, chordError({ index: 7, taskId: "m7" }, "ours.check", cause)).error;
    expect(error).toMatchObject({ name: "ChordError", module: "celery.exceptions" });
    expect(error).not.toHaveProperty("data");
    expect(member).toEqual({
      index: 7,
      id: "m7",
      task: "ours.check",
      error: {
        name: "WrongFormat",
        message: cause.message,
        module: "ours",
        data: { line: 3, at: "1970-01-01T00:00:00.000Z" },
        meta: expect.anything(),
      },
    });
    // As little as a Celery worker tells.
    const told = chordError({ index: Number.POSITIVE_INFINITY, taskId: "m7" }, undefined, new Error("disk full"));
    expect(failureOf(message, told).error.member).toEqual({
      id: "m7",
      error: { name: "Error", message: "disk full", module: "javascript" },
    });
  });

  it("is bounded", () => {
    const error = new Error("m".repeat(100_000));
    error.stack = "s".repeat(100_000);
    const big = failureOf({ ...message, args: ["x".repeat(100_000)] }, error);
    expect(big.request.args).toEqual(["(the arguments are too large to be repeated here)"]);
    expect(JSON.stringify(big).length).toBeLessThan(20_000);
    const deep = JSON.parse(`${"[".repeat(150)}${"]".repeat(150)}`) as unknown[];
    expect(failureOf({ ...message, args: deep }, error).request.args).toEqual(big.request.args);
    expect(failureOf(message, ours.error("WrongFormat", { line: "x".repeat(100_000) })).error).not.toHaveProperty("data");
    const inChord = failureOf(message, chordError({ index: 0, taskId: "m" }, "a.b", error));
    expect(JSON.stringify(inChord).length).toBeLessThan(40_000);
  });
});
