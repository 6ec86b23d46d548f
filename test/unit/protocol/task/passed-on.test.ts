import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  decodeResult,
  decodeTask,
  encodeResult,
  encodeTask,
  errorFromWire,
  failureOf,
  joinResults,
  newTaskMessage,
  outgoingOf,
  packedArg,
  packedResult,
  readNumbers,
  salvageTask,
  unpackArgs,
  unpackValue,
  type Message,
  type TaskMessage,
} from "../../../../src/dist/protocol/index.js";
import { theirs } from "../contract.ts";

/** What JavaScript would write otherwise than Python did. */
const numbers = "[9007199254740993,-123456789012345678901234567890,1.0,-0.0,1e+16,NaN,Infinity,-Infinity,0.1,5]";
const read = [9007199254740993n, -123456789012345678901234567890n, 1, -0, 1e16, Number.NaN, Infinity, -Infinity, 0.1, 5];
const now = Date.UTC(2026, 10, 28);
const moment = '{"__type__": "datetime", "__value__": "2026-11-28T01:00:00+00:00"}';

function message(body: string, headers: Message["headers"] = {}): Message {
  const properties = { contentType: "application/json", contentEncoding: "utf-8", replyTo: "replies" };
  return { exchange: "", routingKey: "q", headers: { task: "a.b", id: "1", ...headers }, properties, body: Buffer.from(body) };
}

function signature(task: string, args: string, options: string, more = ""): string {
  return `{"task":"${task}","args":${args},"kwargs":{},"options":${options},"subtask_type":null,"immutable":true${more}}`;
}

const bodyOf = (sent: TaskMessage): string =>
  Buffer.from(encodeTask(sent, { exchange: "", routingKey: "q" }).body).toString("utf8");

function next(decoded: TaskMessage, result?: unknown): TaskMessage {
  const [step, ...chain] = decoded.embed.chain?.toReversed() ?? [];
  if (step === undefined) throw new Error("there is no next step");
  const context = { now, newId: () => "new", parent: decoded, chain: chain.toReversed(), defaultQueue: "q" };
  const { messages } = outgoingOf(step, { ...context, ...(result !== undefined && { result: { json: result } }) });
  if (messages[0] === undefined) throw new Error("there is no message");
  return messages[0].message;
}

describe("numbers that are passed on", () => {
  it("stay as they came in a request that is sent again", () => {
    const body = `[[${numbers},{"a":${numbers}}],{"k":${numbers}},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]`;
    const decoded = decodeTask(message(body));
    expect(bodyOf({ ...decoded, retries: 1 })).toBe(body);
    // And so does a string that looks like one.
    const text = '[["9007199254740993: 1.0"],{},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]';
    expect(bodyOf(decodeTask(message(text)))).toBe(text);
  });

  it("stay in the arguments of steps, callbacks and a chord's body, however many workers they pass", () => {
    const inner = signature("a.callback", numbers, "{}");
    const far = signature("a.far", numbers, `{"task_id":"far","link":[${inner}]}`);
    const near = signature(
      "a.near",
      numbers,
      `{"task_id":"near","chord":${signature("a.body", numbers, "{}", ',"chord_size":2')}}`,
    );
    const decoded = decodeTask(message(`[[],{},{"callbacks":null,"errbacks":null,"chain":[${far},${near}],"chord":null}]`));
    const second = decodeTask({ ...message(bodyOf(next(decoded))), headers: { task: "a.near", id: "near" } });
    expect(bodyOf(second)).toContain(`[${numbers},{},`);
    expect(bodyOf(second)).toContain(`"task":"a.body","args":${numbers}`);
    const third = bodyOf(next(second));
    expect(third.startsWith(`[${numbers},{},`)).toBe(true);
    expect(third).toContain(`"task":"a.callback","args":${numbers}`);
  });

  it("stay in results that are joined, returned by celery.accumulate, or given to a step", () => {
    const result = decodeResult(message(`{"task_id":"1","status":"SUCCESS","result":${numbers}}`));
    const written = Buffer.from(encodeResult(result, "replies", "1").body).toString("utf8");
    expect(written).toContain(`"result":${numbers}`);
    const joined = joinResults([packedResult(result), { json: 1 }]);
    const sent = bodyOf(newTaskMessage({ id: "1", task: "celery.accumulate", args: [joined.json] }));
    expect(sent).toContain(`[[[${numbers},1]],`);
    const accumulated = packedArg(decodeTask(message(sent)), 0);
    expect(bodyOf(newTaskMessage({ id: "1", task: "a.b", args: [accumulated.json] }))).toContain(`[[[${numbers},1]],`);
  });

  it("stay in what error callbacks are told of the request", () => {
    const failed = decodeTask(message(`[${numbers},{},null]`));
    const failure = failureOf(failed, new Error("no"));
    const sent = bodyOf(newTaskMessage({ id: "2", task: "a.failed", embed: { ...failed.embed, ligature: { failure } } }));
    expect(sent).toContain(`"args":${numbers}`);
    expect(readNumbers(decodeTask(message(sent)).embed.ligature?.failure?.request.args)).toEqual(read);
  });

  it("are read as numbers, and as bigints where a number would be another one", () => {
    expect(unpackValue({ json: decodeTask(message(`[[${numbers}],{},null]`)).args[0] }, z.any(), false)).toEqual(read);
    const { add } = theirs.tasks;
    if (add === undefined) throw new Error("no task add");
    const [x, y] = unpackArgs(add, decodeTask(message('[[9007199254740993],{"y":2.0},null]')));
    expect([x, y]).toEqual([9007199254740993n, 2]);
    expect(z.number().safeParse(x).error?.issues[0]?.message).toContain("bigint");
    const big = unpackValue({ json: decodeTask(message("[[9007199254740993],{},null]")).args[0] }, z.bigint(), false);
    expect(big).toBe(9007199254740993n);
  });

  it("are read in exceptions", () => {
    const exception = (args: string, type: string, module: string): string => {
      const result = decodeResult(
        message(
          `{"task_id":"1","status":"FAILURE","result":{"exc_type":"${type}","exc_message":${args},"exc_module":"${module}"}}`,
        ),
      );
      return errorFromWire(result, undefined).message;
    };
    expect(exception("[30.0]", "TimeLimitExceeded", "billiard.exceptions")).toContain("30 s");
    expect(exception("[9007199254740993]", "ValueError", "builtins")).toContain("9007199254740993");
    const uuid = '{"__type__":"uuid","__value__":{"hex":"12345678123445678234567812345678"}}';
    expect(exception(`[${uuid}, ${moment}]`, "KeyError", "builtins")).toContain(
      "12345678-1234-4567-8234-567812345678, 2026-11-28T01:00:00.000Z",
    );
  });

  it.each([
    "[[01.0],{},null]",
    "[[1.0.0],{},null]",
    "[[],{1.0:2},null]",
    "[[NaNNaN],{},null]",
    "[[],{NaN:1},null]",
    "[[-NaN],{},null]",
  ])("aren't found in what is no JSON: %s", (body) => {
    expect(() => decodeTask(message(body))).toThrow("is no JSON");
  });
});

describe("options of a signature that Python wrote as typed values or floats", () => {
  const stepWith = (options: string): TaskMessage =>
    next(decodeTask(message(`[[],{},{"chain":[${signature("a.next", "[]", options)}]}]`)));

  it.each(["eta", "expires"] as const)("takes %s as a datetime", (name) => {
    expect(stepWith(`{"${name}":${moment}}`)[name]).toEqual(new Date("2026-11-28T01:00:00Z"));
    expect(stepWith(`{"headers":{"${name}":${moment}}}`)[name]).toEqual(new Date("2026-11-28T01:00:00Z"));
    expect(stepWith(`{"${name}":{"__type__":"date","__value__":"2026-11-29"}}`)[name]).toEqual(new Date("2026-11-29T00:00:00Z"));
  });

  it("passes datetimes on as they came", () => {
    const far = signature("a.far", "[]", `{"eta":${moment},"expires":${moment}}`);
    const decoded = decodeTask(message(`[[],{},{"chain":[${far},${signature("a.near", "[]", "{}")}]}]`));
    expect(bodyOf(next(decoded))).toContain(`"eta":${moment.replaceAll(" ", "")}`);
  });

  it("takes an id as a UUID, seconds as a Decimal and as a float", () => {
    const uuid = '{"__type__":"uuid","__value__":{"hex":"12345678123445678234567812345678"}}';
    const decimal = '{"__type__":"decimal","__value__":"1.50"}';
    const sent = stepWith(`{"task_id":${uuid},"countdown":${decimal},"time_limit":30.0,"headers":{"since":${moment},"n":2.0}}`);
    expect(sent.id).toBe("12345678-1234-4567-8234-567812345678");
    expect(sent.eta).toEqual(new Date(now + 1500));
    expect(sent.timeLimit.hard).toBe(30_000);
    expect(sent.headers).toEqual({ since: "2026-11-28T01:00:00+00:00", n: 2 });
  });

  it.each([
    ["eta", '{"__type__":"uuid","__value__":{"hex":"12345678123445678234567812345678"}}'],
    ["eta", '{"__type__":"datetime","__value__":"tomorrow"}'],
    ["expires", '{"a":1}'],
    ["countdown", moment],
    ["priority", "1.5"],
  ])("refuses %s as %s", (name, value) => {
    expect(() => stepWith(`{"${name}":${value}}`)).toThrow(`options.${name}`);
  });

  it("still tells those who wait for a chain of which one step can't be read", () => {
    const options = '{"eta":5,"task_id":"last","reply_to":"replies"}';
    const failed = signature("a.failed", "[]", "{}");
    const steps = [signature("a.last", "[]", options), signature("a.near", "[]", `{"task_id":"near","link_error":[${failed}]}`)];
    const salvaged = salvageTask(message(`[[],{},{"errbacks":[${failed},5],"chain":[${steps.join(",")}]}]`), 10_000);
    expect(salvaged?.embed.chain).toMatchObject([
      { task: "a.last", options: { task_id: "last", reply_to: "replies" } },
      { task: "a.near", options: { task_id: "near", link_error: [{ task: "a.failed" }] } },
    ]);
    expect(salvaged?.embed.errbacks).toMatchObject([{ task: "a.failed" }]);
  });
});

describe("Celery's stamps and shadow", () => {
  it("survive when the request is sent again", () => {
    const marks = { shadow: "x", stamped_headers: ["a"], stamps: { a: [1, "b"] }, replaced_task_nesting: 1 };
    const decoded = decodeTask(message("[[],{},null]", { ...marks, argsrepr: "()", origin: "gen1@host" }));
    expect(encodeTask({ ...decoded, retries: 1 }, { exchange: "", routingKey: "q" }).headers).toMatchObject(marks);
    // Celery writes all of them into every message; what says nothing costs nothing.
    const empty = { shadow: null, stamped_headers: null, stamps: null, replaced_task_nesting: 0 };
    expect(decodeTask(message("[[],{},null]", empty)).marks).toEqual({});
  });
});
