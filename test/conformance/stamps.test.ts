import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { deadLetterQueue, type Broker } from "../../src/dist/broker/index.js";
import { silentLogger } from "../../src/dist/logging/index.js";
import { encodeControl, type Message } from "../../src/dist/protocol/index.js";
import { brokers } from "../support/brokers.ts";
import { Inbox } from "../support/inbox.ts";
import { startLab, type LabSystem } from "../support/lab.ts";
import { openBroker } from "../support/open.ts";

/** What Celery writes into a message for stamps and a shadow, and for the same in a signature. */
const marks = { stamped_headers: ["tenant", "audit"], stamps: { tenant: ["acme", "other"], audit: "yes" }, shadow: "shown as" };
const options = { stamped_headers: ["tenant", "audit"], tenant: ["acme", "other"], audit: "yes", shadow: "shown as" };

function rawBroker(system: LabSystem): Broker {
  return openBroker(system.broker, {
    name: "raw",
    log: silentLogger,
    publishTimeout: 5000,
    maxPayload: 1_000_000,
    maxUnconfirmed: 100,
  });
}

function request(system: LabSystem, task: string, args: unknown[], embed: object, headers: Message["headers"] = {}): Message {
  const id = randomUUID();
  return {
    exchange: "",
    routingKey: system.queue,
    headers: { task, id, lang: "py", ...headers },
    properties: { contentType: "application/json", contentEncoding: "utf-8", correlationId: id },
    body: Buffer.from(JSON.stringify([args, {}, { callbacks: null, errbacks: null, chain: null, chord: null, ...embed }])),
  };
}

describe.each(brokers)("Celery's stamps and shadow on $name", ({ url }) => {
  it("go with everything that a worker sends: callbacks, steps, error callbacks, members, a body", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const queue = deadLetterQueue(system.queue);
    const seen = new Inbox<Message>();
    await broker.consume(queue, { prefetch: 10 }, (delivery) => {
      delivery.ack();
      seen.put(delivery.message);
    });
    const to = (task: string): object => ({
      task,
      args: [],
      kwargs: {},
      options: { queue, ...options },
      subtask_type: null,
      immutable: true,
    });
    const group = { task: "celery.group", args: [], kwargs: { tasks: [to("member")] }, options: {}, subtask_type: "group" };
    const member = { ...to("lab.double"), args: [4], options: { exchange: "ligature", routing_key: system.queue } };
    const header = { ...group, kwargs: { tasks: [member] }, options: { task_id: randomUUID() } };
    const chord = {
      task: "celery.chord",
      args: [],
      kwargs: { header, body: to("body") },
      options: {},
      subtask_type: "chord",
      immutable: true,
    };
    await broker.publish(request(system, "lab.add", [1, 2], { callbacks: [to("callback"), group, chord], chain: [to("step")] }));
    await broker.publish(request(system, "lab.explode", ["x"], { errbacks: [to("errback")] }));
    const messages = await seen.take(5);
    const tasks = new Set(messages.map(({ headers }) => headers["task"]));
    expect(tasks).toEqual(new Set(["body", "callback", "errback", "member", "step"]));
    for (const { headers } of messages) expect(headers).toMatchObject(marks);
    await broker.close();
  });

  it("revoke_by_stamped_headers revokes what waits, what runs, and what comes later, whatever its header looks like", async () => {
    await using system = await startLab(url());
    const broker = rawBroker(system);
    const revoke = (headers: object, terminate: boolean): Promise<void> => {
      const command = { method: "revoke_by_stamped_headers", arguments: { headers, terminate }, destination: null };
      return broker.broadcast(encodeControl(command));
    };
    await broker.publish(request(system, "lab.wait", ["running"], {}, marks));
    const running = await system.journal.entry<{ signal: AbortSignal }>("wait:running");
    await broker.publish(request(system, "lab.wait", ["unstamped"], {}, {}));
    const other = await system.journal.entry<{ signal: AbortSignal }>("wait:unstamped");
    const stopped = new Promise((resolve) => running.signal.addEventListener("abort", resolve, { once: true }));
    await revoke({ tenant: ["acme"], nobody: "x" }, true);
    await stopped;
    expect(other.signal.aborted).toBe(false);
    await broker.publish(request(system, "lab.quiet", ["later"], {}, marks));
    await broker.publish(
      request(system, "lab.quiet", ["one value"], {}, { stamped_headers: ["tenant"], stamps: { tenant: "acme" } }),
    );
    await broker.publish(request(system, "lab.quiet", ["free"], {}, { stamped_headers: ["tenant"], stamps: { tenant: "b" } }));
    await broker.publish(request(system, "lab.quiet", ["odd"], {}, { stamped_headers: "tenant", stamps: ["acme"] }));
    await system.journal.entry("quiet:free");
    await system.journal.entry("quiet:odd");
    await system.remote.add(1, 1);
    expect(system.journal.all("quiet:later")).toEqual([]);
    expect(system.journal.all("quiet:one value")).toEqual([]);
    await broker.close();
  });
});
