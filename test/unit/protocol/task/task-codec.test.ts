import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeTask,
  encodeTask,
  newTaskMessage,
  readNumbers,
  type Message,
  type TaskMessage,
} from "../../../../src/dist/protocol/index.js";
import { LigatureError } from "../../../../src/dist/errors/index.js";

interface Fixture {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly correlationId: string;
  readonly replyTo: string;
  readonly priority: number;
  readonly headers: Message["headers"];
  readonly body?: string;
  readonly base64?: string;
}

/** Made by ../fixtures/make-celery-messages.py. */
function celeryMessages(version: string): Record<string, Fixture> {
  return JSON.parse(readFileSync(new URL(`../fixtures/celery-${version}.json`, import.meta.url), "utf8")).tasks;
}

function messageOf(fixture: Fixture): Message {
  const { contentType, contentEncoding, correlationId, replyTo, priority } = fixture;
  return {
    exchange: "",
    routingKey: "celery",
    headers: fixture.headers,
    properties: { contentType, contentEncoding, correlationId, replyTo, priority },
    body: fixture.body === undefined ? Buffer.from(fixture.base64 ?? "", "base64") : Buffer.from(fixture.body),
  };
}

const route = { exchange: "ligature", routingKey: "q" };
const minimal = newTaskMessage({ id: "1", task: "a.b" });

function raw(change: { headers?: object; properties?: object; body?: string | Uint8Array }): Message {
  return {
    ...route,
    headers: { task: "a.b", id: "1", ...change.headers },
    properties: { contentType: "application/json", contentEncoding: "utf-8", ...change.properties },
    body: typeof change.body === "object" ? change.body : Buffer.from(change.body ?? "[[],{},null]"),
  };
}

function problemOf(message: Message, maxPayload?: number): string {
  try {
    decodeTask(message, maxPayload);
  } catch (error) {
    expect(error).toBeInstanceOf(LigatureError);
    expect((error as LigatureError).code).toBe("UNREADABLE");
    return (error as LigatureError).rawMessage;
  }
  throw new Error("was decoded");
}

describe("encodeTask", () => {
  it("writes only the headers that carry something", () => {
    const { headers, properties, body } = encodeTask(minimal, route);
    expect(headers).toEqual({ lang: "ts", task: "a.b", id: "1" });
    expect(properties).toEqual({ contentType: "application/json", contentEncoding: "utf-8", correlationId: "1" });
    expect(Buffer.from(body).toString()).toBe('[[],{},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]');
  });

  it("writes every header in Celery's form", () => {
    const message = newTaskMessage({
      id: "1",
      task: "a.b",
      rootId: "0",
      parentId: "0",
      retries: 2,
      eta: new Date("2026-11-22T11:53:20.813Z"),
      expires: new Date("2026-11-23T00:00:00Z"),
      timeLimit: { soft: 1500, hard: 3_000_000 },
      ignoreResult: true,
      replyTo: "replies",
      priority: 0,
      group: "g",
      groupIndex: 0,
      deadline: 1_795_000_000_000,
      fingerprint: "abc",
      boundMeta: "{}",
      headers: { traceparent: "00-1", n: 7 },
    });
    const { headers, properties } = encodeTask(message, route);
    expect(headers).toEqual({
      lang: "ts",
      task: "a.b",
      id: "1",
      root_id: "0",
      parent_id: "0",
      retries: 2,
      eta: "2026-11-22T11:53:20.813+00:00",
      expires: "2026-11-23T00:00:00.000+00:00",
      timelimit: [3000, 1.5],
      ignore_result: true,
      group: "g",
      group_index: 0,
      "ligature-deadline": 1_795_000_000_000,
      "ligature-fingerprint": "abc",
      "ligature-meta": "{}",
      traceparent: "00-1",
      n: 7,
    });
    expect(properties).toMatchObject({ correlationId: "1", replyTo: "replies", priority: 0 });
  });

  it("puts null where only one time limit is set", () => {
    const encode = (timeLimit: TaskMessage["timeLimit"]) => encodeTask({ ...minimal, timeLimit }, route).headers["timelimit"];
    expect(encode({ soft: 1000, hard: undefined })).toEqual([null, 1]);
    expect(encode({ soft: undefined, hard: 1000 })).toEqual([1, null]);
  });

  it("lets no custom header stand in for one that the protocol owns", () => {
    const headers = { task: "evil", "ligature-deadline": 1, CC: ["other"], "x-death": [], tenant: "acme" };
    expect(encodeTask({ ...minimal, headers }, route).headers).toEqual({ lang: "ts", task: "a.b", id: "1", tenant: "acme" });
  });

  it("adds our key to the embed only when it carries something", () => {
    const embed = { callbacks: null, errbacks: null, chain: [], chord: null };
    const text = (message: TaskMessage) => Buffer.from(encodeTask(message, route).body).toString();
    expect(text({ ...minimal, embed: { ...embed, ligature: {} } })).toBe(
      '[[],{},{"callbacks":null,"errbacks":null,"chain":[],"chord":null}]',
    );
    expect(text({ ...minimal, embed: { ...embed, ligature: { meta: 1 } } })).toContain('"ligature":{"meta":1}');
  });

  it("refuses what JSON can't hold", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const args of [[1n], cycle]) {
      expect(() => encodeTask({ ...minimal, args }, route)).toThrow(
        expect.objectContaining({
          code: "UNREADABLE",
          rawMessage: expect.stringContaining("The request for a.b can't be written as JSON"),
        }),
      );
    }
  });
});

describe("decodeTask reads what encodeTask wrote", () => {
  const text = fc.string({ minLength: 1, maxLength: 50 });
  const moment = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true });
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const json = fc.jsonValue({ maxDepth: 4 });
  const header = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()));
  const messages: fc.Arbitrary<TaskMessage> = fc.record({
    id: text,
    task: text,
    args: fc.array(json),
    exact: fc.boolean(),
    kwargs: fc.dictionary(fc.string(), json),
    embed: fc.record({
      callbacks: fc.constant(null),
      errbacks: fc.constant(null),
      chain: fc.constantFrom(null, []),
      chord: fc.constant(null),
    }),
    rootId: text,
    parentId: optional(text),
    retries: fc.nat(),
    eta: optional(moment),
    expires: optional(moment),
    timeLimit: fc.record({ soft: optional(fc.integer({ min: 1 })), hard: optional(fc.integer({ min: 1 })) }),
    ignoreResult: optional(fc.boolean()),
    replyTo: optional(text),
    correlationId: text,
    priority: optional(fc.integer({ min: 0, max: 255 })),
    group: optional(text),
    groupIndex: optional(fc.nat()),
    deadline: optional(fc.integer({ min: 0, max: 8.64e15 })),
    generation: fc.nat(),
    once: optional(fc.record({ key: text, until: fc.integer({ min: 0, max: 999_999_999_999_999 }) })),
    fingerprint: optional(text),
    boundMeta: optional(text),
    countdown: optional(fc.integer({ min: 0, max: 8.64e15 })),
    marks: fc.constantFrom({}, { shadow: "x", stamped_headers: ["a"], stamps: { a: 1 } }),
    headers: fc.dictionary(
      fc.string().map((name) => `user-${name}`),
      header,
    ),
  });

  it("for any message", () => {
    fc.assert(
      fc.property(messages, (message) => {
        // JSON itself knows no -0.
        const expected = JSON.parse(JSON.stringify(message.args));
        const decoded = decodeTask(encodeTask(message, route));
        expect(decoded).toEqual({ ...message, args: expected, kwargs: JSON.parse(JSON.stringify(message.kwargs)) });
      }),
    );
  });
});

describe.each(["5.2.6", "5.6.3"])("decodeTask reads Celery %s", (version) => {
  const messages = celeryMessages(version);
  const decode = (name: string): TaskMessage => {
    const fixture = messages[name];
    if (fixture === undefined) throw new Error(`no fixture ${name}`);
    return decodeTask(messageOf(fixture));
  };

  it("every message of the fixtures", () => {
    expect(Object.keys(messages).length).toBe(14);
    for (const name of Object.keys(messages))
      expect(decode(name).headers).toEqual(name.includes("custom") ? { tenant: "acme", n: 7 } : {});
  });

  it("a bare one", () => {
    const id = messages["bare"]?.headers["id"];
    expect(decode("bare")).toEqual(
      newTaskMessage({
        id: id as string,
        task: "a.add",
        args: [1, 2],
        replyTo: "reply-queue",
        priority: 0,
        ignoreResult: false,
        exact: false,
      }),
    );
  });

  it("kwargs, numbers that JSON lacks, a compressed body", () => {
    expect(decode("kwargs")).toMatchObject({ args: [1], kwargs: { y: 2 } });
    expect(readNumbers(decode("bare numbers").args)).toEqual([Number.NaN, [Infinity, -Infinity, 'NaN " Infinity']]);
    expect(decode("compressed").args).toEqual(["x".repeat(1000)]);
  });

  it("times: microseconds are cut, seconds become milliseconds, hard comes first", () => {
    expect(decode("eta and expires")).toMatchObject({
      eta: new Date("2026-11-22T11:53:20.813Z"),
      expires: new Date("2126-11-22T11:53:20.813Z"),
    });
    expect(decode("time limits").timeLimit).toEqual({ hard: 300_000, soft: 200_000 });
    expect(decode("one time limit").timeLimit).toEqual({ hard: 1_000_000, soft: undefined });
  });

  it("priority, ignored results, retries and family", () => {
    expect(decode("priority, custom headers, ignored result")).toMatchObject({ priority: 5, ignoreResult: true });
    const { id, rootId, parentId, retries } = decode("retried");
    expect(retries).toBe(2);
    expect(new Set([id, rootId, parentId]).size).toBe(3);
  });

  it("callbacks, error callbacks and chains", () => {
    const { embed } = decode("link and link_error");
    expect(embed.callbacks).toMatchObject([
      { task: "b.done", args: [7], immutable: false, subtask_type: null },
      { task: "b.more", options: { queue: "q", countdown: 5 }, immutable: true },
    ]);
    expect(embed.errbacks).toMatchObject([{ task: "b.failed", args: ["k"] }]);
    expect(decode("linked chain").embed.callbacks).toMatchObject([
      { subtask_type: "chain", kwargs: { tasks: [{ task: "b.one" }, { task: "b.two" }] } },
    ]);
    expect(decode("chain").embed).toMatchObject({
      errbacks: [{ task: "d.failed" }],
      chain: [
        { task: "c.three", options: { link: [{ task: "d.linked" }], link_error: [{ task: "d.failed" }] } },
        { task: "b.two" },
      ],
    });
  });
});

describe("decodeTask is tolerant", () => {
  it.each([
    ["the least that a message can have", { properties: { contentEncoding: undefined } }],
    ["a charset", { properties: { contentType: "Application/JSON; charset=UTF-8", contentEncoding: "UTF-8" } }],
    ["binary encoding", { properties: { contentEncoding: "binary" } }],
    [
      "nulls",
      {
        headers: { eta: null, retries: null, timelimit: null, root_id: null, group: null, ignore_result: null },
        body: "[null,null,null]",
      },
    ],
    ["a missing embed's keys", { body: "[[],{},{}]" }],
    ["empty strings", { headers: { eta: "", group: "" }, properties: { replyTo: "", correlationId: "" } }],
  ])("of %s", (_name, change) => {
    expect(decodeTask(raw(change))).toEqual({ ...minimal, exact: false });
  });

  it.each([
    ["2026-11-22T11:53:20Z", "2026-11-22T11:53:20.000Z"],
    ["2026-11-22T11:53:20", "2026-11-22T11:53:20.000Z"],
    ["2026-11-22T11:53:20.813081+05:30", "2026-11-22T06:23:20.813Z"],
    ["2026-11-22T11:53:20.8-08:00", "2026-11-22T19:53:20.800Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
  ])("of the date %s", (text, expected) => {
    expect(decodeTask(raw({ headers: { eta: text } })).eta?.toISOString()).toBe(expected);
  });

  it("of a deadline in digits, which Python passes on safely", () => {
    expect(decodeTask(raw({ headers: { "ligature-deadline": "1795000000000" } })).deadline).toBe(1_795_000_000_000);
  });

  it("of gzip as well as zlib", () => {
    for (const compress of [deflateSync, gzipSync]) {
      const body = compress("[[1],{},null]");
      expect(decodeTask(raw({ headers: { compression: "application/x-gzip" }, body })).args).toEqual([1]);
    }
  });

  it("of signatures with keys left out, single ones and unknown keys", () => {
    const body = JSON.stringify([
      [],
      {},
      { callbacks: { task: "x", chord_size: 2, options: { task_id: null, link: { task: "y" } } } },
    ]);
    expect(decodeTask(raw({ body })).embed.callbacks).toEqual([
      {
        task: "x",
        args: [],
        kwargs: {},
        options: { link: [{ task: "y", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false }] },
        subtask_type: null,
        immutable: false,
        chord_size: 2,
      },
    ]);
  });

  it("of U+FFFD where it was sent", () => {
    expect(decodeTask(raw({ body: '[["\ufffd"],{},null]' })).args).toEqual(["\ufffd"]);
  });
});

describe("decodeTask drops what brokers and Celery own from the custom headers", () => {
  it("but keeps the user's", () => {
    const headers = {
      "x-death": [{ count: 1 }],
      "x-delivery-count": 3,
      "x-first-death-queue": "q",
      "x-last-death-reason": "expired",
      CC: ["q2"],
      shadow: "s",
      argsrepr: "()",
      origin: "o",
      stamps: {},
      stamped_headers: ["a"],
      replaced_task_nesting: 0,
      "ligature-unknown": 1,
      ["__proto__"]: { polluted: true },
      "x-tenant": "acme",
      tracestate: "a=b",
    };
    expect(decodeTask(raw({ headers })).headers).toEqual({ "x-tenant": "acme", tracestate: "a=b" });
  });
});

describe("decodeTask refuses, naming the part", () => {
  const deep = `${"[".repeat(201)}${"]".repeat(201)}`;
  it.each<[string, Parameters<typeof raw>[0], string]>([
    ["damaged headers", { headers: { "ligature-damaged-headers": "tag L" } }, 'The headers can\'t be decoded: "tag L"'],
    ["no task", { headers: { task: undefined } }, 'Header "task" is missing'],
    ["an empty task", { headers: { task: "" } }, 'Header "task" is missing'],
    ["no id", { headers: { id: null } }, 'Header "id" is missing'],
    ["an id of another type", { headers: { id: 7 } }, 'Header "id" must be a string, not 7'],
    ["a huge id", { headers: { id: "x".repeat(2000) } }, 'Header "id" has 2000 characters'],
    ["wrong retries", { headers: { retries: -1 } }, 'Header "retries" must be a whole number'],
    ["wrong eta", { headers: { eta: "tomorrow" } }, 'Header "eta" must be an ISO 8601 date and time, not "tomorrow"'],
    ["impossible eta", { headers: { eta: "2026-02-30T00:00:00" } }, 'Header "eta" must be'],
    ["eta of another type", { headers: { eta: { "!": "timestamp" } } }, 'Header "eta" must be a string, not an object'],
    ["wrong timelimit", { headers: { timelimit: [1] } }, 'Header "timelimit" must be [hard, soft] in seconds'],
    ["negative timelimit", { headers: { timelimit: [-1, null] } }, 'Header "timelimit" must be'],
    ["wrong ignore_result", { headers: { ignore_result: "yes" } }, 'Header "ignore_result" must be a boolean'],
    ["wrong deadline", { headers: { "ligature-deadline": 1.5 } }, 'Header "ligature-deadline" must be epoch milliseconds'],
    ["wrong fingerprint", { headers: { "ligature-fingerprint": [] } }, 'Header "ligature-fingerprint" must be a string'],
    ["no content type", { properties: { contentType: undefined } }, "Property content_type is missing"],
    ["another content type", { properties: { contentType: "application/x-python-serialize" } }, "Property content_type"],
    ["another charset", { properties: { contentType: "application/json; charset=latin1" } }, 'has the charset "latin1"'],
    ["another encoding", { properties: { contentEncoding: "utf-16" } }, 'Property content_encoding is "utf-16"'],
    ["another compression", { headers: { compression: "zstd" } }, 'Header "compression" is "zstd"'],
    ["no zlib data", { headers: { compression: "application/x-gzip" } }, "The body is no zlib data"],
    ["no JSON", { body: "[[],{}" }, "The body is no JSON"],
    ["no JSON, with NaN", { body: "[[NaN],{},nul]" }, "The body is no JSON"],
    ["no UTF-8", { body: Buffer.from([0x5b, 0xff, 0x5d]) }, "The body is not UTF-8"],
    ["an object", { body: "{}" }, "The body must be [args, kwargs, embed]"],
    ["two parts", { body: "[[],{}]" }, "The body must be [args, kwargs, embed]"],
    ["args of another type", { body: '["ab",{},null]' }, "args must be an array, not a string"],
    ["kwargs of another type", { body: "[[],[],null]" }, "kwargs must be an object, not an array"],
    ["embed of another type", { body: "[[],{},[]]" }, "embed must be an object, not an array"],
    ["deep nesting", { body: `[[${deep}],{},null]` }, "The body nests deeper than 200 levels"],
    [
      "a callback of another type",
      { body: '[[],{},{"callbacks":["x"]}]' },
      "embed.callbacks[0] must be a signature, not a string",
    ],
    ["a callback without task", { body: '[[],{},{"callbacks":[{}]}]' }, "embed.callbacks[0].task must be the name of a task"],
    ["wrong args of a step", { body: '[[],{},{"chain":[{"task":"x","args":{}}]}]' }, "embed.chain[0].args must be an array"],
    [
      "wrong options",
      { body: '[[],{},{"chain":[{"task":"x","options":{"queue":1}}]}]' },
      "embed.chain[0].options.queue must be a string",
    ],
    [
      "a chain without steps",
      { body: '[[],{},{"callbacks":[{"task":"x","subtask_type":"chain"}]}]' },
      "embed.callbacks[0].kwargs.tasks must hold",
    ],
    [
      "a nested callback",
      { body: '[[],{},{"errbacks":[{"task":"x","options":{"link_error":[{"task":"y","immutable":1}]}}]}]' },
      "embed.errbacks[0].options.link_error[0].immutable must be a boolean",
    ],
    [
      "a forged failure",
      { body: '[[],{},{"ligature":{"failure":{"request":{},"error":{}}}}]' },
      "embed.ligature.failure.request must have",
    ],
    ...(
      [
        ['{"name":"E"}', "embed.ligature.failure.error must have name and message"],
        ['{"name":"E","message":"m","member":{"index":1}}', "embed.ligature.failure.error.member must have an id"],
        ['{"name":"E","message":"m","member":{"id":"m","index":-1}}', "embed.ligature.failure.error.member must have an id"],
        ['{"name":"E","message":"m","member":{"id":"m","error":{"name":1}}}', "error.member.error must have name and message"],
      ] as const
    ).map(([error, problem]): [string, object, string] => [
      `a forged failure: ${error}`,
      { body: `[[],{},{"ligature":{"failure":{"request":{"id":"1","task":"t","args":[],"retries":0},"error":${error}}}}]` },
      problem,
    ]),
  ])("%s", (_name, change, expected) => {
    expect(problemOf(raw(change))).toContain(expected);
  });

  it("a decompression bomb", () => {
    const body = deflateSync(`[["${"0".repeat(100_000)}"],{},null]`);
    const message = raw({ headers: { compression: "application/x-gzip" }, body });
    expect(problemOf(message, 10_000)).toContain("The body is larger when decompressed");
    expect(decodeTask(message, 200_000).args[0]).toHaveLength(100_000);
  });

  it("endless nesting without overflowing the stack", () => {
    const levels = 200_000;
    expect(problemOf(raw({ body: `[[${"[".repeat(levels)}${"]".repeat(levels)}],{},null]` }))).toContain("nests deeper");
    expect(problemOf(raw({ body: `[[NaN,${"[".repeat(levels)}${"]".repeat(levels)}],{},null]` }))).toContain("The body");
  });

  it("anything at all without another error than UNREADABLE", () => {
    const value = fc.oneof(fc.anything(), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("eta", "expires", "timelimit", "retries", "root_id", "group_index", "compression", "ligature-meta"),
          value,
        ),
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((embed) => JSON.stringify([[], {}, embed])),
        ),
        (headers, body) => {
          try {
            decodeTask(raw({ headers, body }));
          } catch (error) {
            expect((error as LigatureError).code).toBe("UNREADABLE");
          }
        },
      ),
    );
  });
});

describe("prototype keys in a payload", () => {
  it("stay own properties and pollute nothing", () => {
    const body =
      '[[{"__proto__":{"polluted":true}}],{"__proto__":{"polluted":true}},{"callbacks":[{"task":"x","options":{"__proto__":{"a":1}}}]}]';
    const message = decodeTask(raw({ body }));
    expect(Object.getPrototypeOf(message.args[0])).toBe(Object.prototype);
    expect(Object.hasOwn(message.args[0] as object, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(message.embed.callbacks?.[0]?.options)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
