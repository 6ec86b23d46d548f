import { randomUUID } from "node:crypto";
import type { Failure } from "ligature";
import { describe, expect, it } from "vitest";
import { deadLetterQueue, type Broker, type Delivery } from "../../src/dist/broker/index.js";
import { silentLogger } from "../../src/dist/logging/index.js";
import { signatureToWire, type Message } from "../../src/dist/protocol/index.js";
import { countReady } from "../support/broker-bench.ts";
import { brokers } from "../support/brokers.ts";
import { startLab, type LabSystem } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { openBroker } from "../support/open.ts";

/** A sender that knows nothing of contracts. */
function rawBroker(system: LabSystem): Broker {
  return openBroker(system.broker, {
    name: "raw",
    log: silentLogger,
    publishTimeout: 5000,
    maxPayload: 100_000_000,
    maxUnconfirmed: 1000,
  });
}

function rawMessage(
  system: LabSystem,
  given: { headers?: Message["headers"]; body?: unknown; properties?: Message["properties"] },
): Message {
  const id = randomUUID();
  const body = given.body ?? [[1, 2], {}, null];
  return {
    exchange: "",
    routingKey: system.queue,
    headers: { task: "lab.add", id, lang: "py", ...given.headers },
    properties: { contentType: "application/json", contentEncoding: "utf-8", correlationId: id, ...given.properties },
    body: body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

async function nextDeadLetter(broker: Broker, system: LabSystem): Promise<Delivery> {
  const queue = deadLetterQueue(system.queue);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing came into ${queue}`)), patience);
    broker
      .consume(queue, { prefetch: 1 }, (delivery) => {
        clearTimeout(timer);
        delivery.ack();
        resolve(delivery);
      })
      .catch(reject);
  });
}

interface ChordRefusal {
  readonly headers?: Message["headers"];
  readonly args?: readonly unknown[];
  readonly more?: object;
}

const signature = { task: "x", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: true };
const embed = (more: object): object => ({ callbacks: null, errbacks: null, chain: null, chord: null, ...more });

function nested(depth: number): object {
  return depth === 0 ? {} : { in: nested(depth - 1) };
}

const garbage: readonly [name: string, message: Parameters<typeof rawMessage>[1]][] = [
  ["bytes that are no JSON", { body: Buffer.from([0xff, 0xfe, 0x00, 0x80]) }],
  ["an empty body", { body: Buffer.alloc(0) }],
  ["JSON of another shape", { body: { hello: "world" } }],
  ["a body of two parts", { body: [[1, 2], {}] }],
  ["arguments that are no array", { body: ["ab", {}, null] }],
  ["a content type that nobody knows", { properties: { contentType: "application/x-python-serialize" } }],
  ["no content type", { properties: { contentType: undefined } }],
  ["an unknown compression", { headers: { compression: "application/x-rot13" } }],
  ["a forged retries header", { headers: { retries: "many" } }],
  ["a forged time limit", { headers: { timelimit: "soon" } }],
  ["a forged eta", { headers: { eta: "tomorrow" } }],
  [
    "superjson annotations into the prototype",
    { body: [[{}, 2], {}, embed({ ligature: { meta: { values: { "0.__proto__.polluted": ["Date"] } } } })] },
  ],
  ["nesting without end", { body: `[[${"[".repeat(50_000)}${"]".repeat(50_000)}, 2], {}, null]` }],
  ["a chord's body without the id of its header", { body: [[1, 2], {}, embed({ chord: { ...signature, chord_size: 2 } })] }],
  [
    "a chord that doesn't say how many members it has, where nobody else knows",
    { headers: { group: "g", group_index: 0 }, body: [[1, 2], {}, embed({ chord: signature })] },
  ],
  [
    "a place in a chord that it doesn't have",
    { headers: { group: "g", group_index: 2 }, body: [[1, 2], {}, embed({ chord: { ...signature, chord_size: 2 } })] },
  ],
  [
    "a kind of signature that nobody knows",
    { body: [[1, 2], {}, embed({ callbacks: [{ ...signature, task: "celery.heap", subtask_type: "heap" }] })] },
  ],
  [
    "a group of more members than the worker takes callbacks",
    {
      body: [
        [1, 2],
        {},
        embed({
          callbacks: [{ ...signature, subtask_type: "group", kwargs: { tasks: Array.from({ length: 11 }, () => signature) } }],
        }),
      ],
    },
  ],
  [
    "more callbacks than the worker takes",
    { body: [[1, 2], {}, embed({ callbacks: Array.from({ length: 11 }, () => signature) })] },
  ],
  ...[
    ["a name of 256 bytes", "ä".repeat(128)],
    ["text that is no Unicode", "\ud800"],
  ].flatMap(([what, text]) =>
    ["exchange", "routing_key", "queue", "task_id", "group_id", "reply_to"].map((option): (typeof garbage)[number] => [
      `${what} as the ${option} of a step`,
      { body: [[1, 2], {}, embed({ chain: [{ ...signature, options: { [option]: text } }] })] },
    ]),
  ),
  [
    "an exchange that can't be, deep in the body of a chord",
    {
      headers: { group: "g", group_index: 0 },
      body: [
        [1, 2],
        {},
        embed({ chord: { ...signature, chord_size: 2, options: { link: [{ ...signature, options: { exchange: "\ud800" } }] } } }),
      ],
    },
  ],
  [
    "a header's name of 256 bytes in a callback",
    { body: [[1, 2], {}, embed({ callbacks: [{ ...signature, options: { headers: { ["h".repeat(256)]: 1 } } }] })] },
  ],
  [
    "a callback's header that is nested deeper than 32 levels",
    { body: [[1, 2], {}, embed({ callbacks: [{ ...signature, options: { headers: { deep: nested(33) } } }] })] },
  ],
  ["an id of more than 255 bytes", { headers: { id: "i".repeat(256) } }],
  [
    "a chord's group that no queue can be named after",
    {
      headers: { group: "g".repeat(241), group_index: 0 },
      body: [[1, 2], {}, embed({ chord: { ...signature, chord_size: 2 } })],
    },
  ],
  ["callbacks that are no signatures", { body: [[1, 2], {}, embed({ callbacks: ["lab.add"] })] }],
  ["a keyword argument that the task doesn't have", { body: [[1], { c: 2 }, null] }],
  ["arguments of the wrong type", { body: [["1", 2], {}, null] }],
];

describe.each(brokers)("bad messages on $name", ({ url }) => {
  it.each(garbage)("dead-letters %s, and goes on", async (_name, given) => {
    await using system = await startLab(url(), { worker: { maxCallbacks: 10 } });
    const broker = rawBroker(system);
    const sent = rawMessage(system, given);
    await broker.publish(sent);
    const dead = await nextDeadLetter(broker, system);
    expect(Buffer.from(dead.message.body).equals(Buffer.from(sent.body))).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(await system.remote.add(1, 1)).toBe(2);
    await broker.close();
  });

  it("answers a task that nobody registered, fires its error callbacks, and dead-letters it", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const errback = signatureToWire(system.lab.recordFailure.si("unregistered")["~signature"]);
    await broker.publish(rawMessage(system, { headers: { task: "lab.gone" }, body: [[1], {}, embed({ errbacks: [errback] })] }));
    const failure = await system.journal.entry<Failure>("unregistered");
    expect(failure.request.task).toBe("lab.gone");
    expect(failure.error.message).toContain('"lab.gone"');
    expect((await nextDeadLetter(broker, system)).message.headers["task"]).toBe("lab.gone");
    await broker.close();
  });

  it("tells whom it can of a request that it can't read: error callbacks", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const errback = signatureToWire(system.lab.recordFailure.si("unreadable")["~signature"]);
    const broken = {
      headers: { eta: "tomorrow" },
      body: [[1, 2], {}, embed({ errbacks: [errback], callbacks: ["no signature"] })],
    };
    await broker.publish(rawMessage(system, broken));
    const failure = await system.journal.entry<Failure>("unreadable");
    expect(failure.request.task).toBe("lab.add");
    expect(failure.error.message).toContain("embed.callbacks[0]");
    await broker.close();
  });

  it.each([
    ["that it can't read", { headers: { retries: "many" } }],
    ["of a task that nobody registered", { headers: { task: "lab.gone" } }],
    ["whose arguments don't fit", { args: ["one", 2] }],
    ["with more callbacks than it takes", { more: { callbacks: Array.from({ length: 11 }, () => signature) } }],
  ])("fails the chord of a request %s", async (what, { headers = {}, args = [1, 2], more = {} }: ChordRefusal) => {
    await using system = await startLab(url(), { worker: { maxCallbacks: 10 } });
    const broker = rawBroker(system);
    const groupId = randomUUID();
    await broker.declare({ kind: "temporary", name: `ligature.chord.${groupId}`, expires: 60_000 });
    const body = signatureToWire(system.lab.sum.s().linkError(system.lab.recordFailure.si(what))["~signature"]);
    const chord = { ...body, chord_size: 2 };
    const member = { headers: { group: groupId, group_index: 1, ...headers }, body: [args, {}, embed({ chord, ...more })] };
    await broker.publish(rawMessage(system, member));
    const { error } = await system.journal.entry<Failure>(what);
    expect(error).toMatchObject({ name: "ChordError", member: { index: 1 } });
    await nextDeadLetter(broker, system);
    expect(await countReady(broker, `ligature.chord.${groupId}`)).toBeUndefined();
    await broker.close();
  });

  it("answers arguments that only the worker could see are wrong", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const errback = signatureToWire(system.lab.recordFailure.si("wrong arguments")["~signature"]);
    await broker.publish(rawMessage(system, { body: [["one", 2], {}, embed({ errbacks: [errback] })] }));
    const failure = await system.journal.entry<Failure>("wrong arguments");
    expect(failure.error.message).toContain("a: ");
    await broker.close();
  });

  it("names both versions when caller and worker hold different contracts", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const errback = signatureToWire(system.lab.recordFailure.si("mismatch")["~signature"]);
    await broker.publish(
      rawMessage(system, {
        headers: { "ligature-fingerprint": "0123456789ab" },
        body: [["one", 2], {}, embed({ errbacks: [errback] })],
      }),
    );
    const failure = await system.journal.entry<Failure>("mismatch");
    expect(failure.error.message).toContain("0123456789ab");
    // Another version is no reason to refuse by itself; it is counted.
    const callback = signatureToWire(system.lab.record.s("harmless")["~signature"]);
    await broker.publish(
      rawMessage(system, {
        headers: { "ligature-fingerprint": "0123456789ab" },
        body: [[1, 2], {}, embed({ callbacks: [callback] })],
      }),
    );
    expect(await system.journal.entry("harmless")).toMatchObject({ value: 3 });
    expect(system.worker.statistics()).toMatchObject({
      refused: 1,
      foreignVersions: [{ task: "lab.add", fingerprint: "0123456789ab", requests: 2 }],
    });
    await broker.close();
  });

  it("takes a minimal message from a foreign client, with keyword arguments", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const callback = signatureToWire(system.lab.record.s("foreign")["~signature"]);
    await broker.publish(rawMessage(system, { body: [[1], { b: 2 }, embed({ callbacks: [callback] })] }));
    expect(await system.journal.entry("foreign")).toMatchObject({ value: 3 });
    await broker.close();
  });

  it("keeps a callback that nobody can receive in the dead-letter queue", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const lost = {
      ...signature,
      task: "elsewhere.task",
      options: { exchange: "ligature", routing_key: `${system.queue}-nowhere` },
    };
    await broker.publish(rawMessage(system, { body: [[1, 2], {}, embed({ callbacks: [lost] })] }));
    const dead = await nextDeadLetter(broker, system);
    expect(dead.message.headers).toMatchObject({ task: "elsewhere.task" });
    expect(dead.message.headers["ligature-undeliverable"]).toContain(`${system.queue}-nowhere`);
    await broker.close();
  });

  it("declares a queue again that somebody deleted", async () => {
    await using system = await startLab(url(), { start: false });
    await system.remote.add.delay(0, 0);
    const broker = rawBroker(system);
    await broker.deleteQueue(system.queue);
    const result = await system.remote.add.delay(1, 2);
    await system.worker.start();
    expect(await result.get({ timeout: patience })).toBe(3);
    await broker.close();
  });
});
