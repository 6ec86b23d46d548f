import { randomUUID } from "node:crypto";
import { silentLogger } from "ligature";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Broker, Consumer } from "../../../../src/dist/broker/index.js";
import { LigatureError } from "../../../../src/dist/errors/index.js";
import { encodeResult, type StoredResult } from "../../../../src/dist/protocol/index.js";
import { backendBench, resultOf } from "../../../support/backend-bench.ts";
import { expectCode, messageTo } from "../../../support/broker-bench.ts";
import { Inbox } from "../../../support/inbox.ts";
import { recordLog } from "../../../support/log-recorder.ts";
import { eventually } from "../../../support/patience.ts";
import { openBackend, openBroker } from "../../../support/open.ts";

describe("backend URLs", () => {
  const broker = openBroker("memory://", {
    name: "unit",
    log: silentLogger,
    publishTimeout: 1,
    maxPayload: 1,
    maxUnconfirmed: 1,
  });
  afterEach(() => broker.close());

  it.each(["rpc", "rpc:", "rpc://host", "rpc:///", "redis", "memory://a b", "", "RPC://"])("%j is none", (url) => {
    expect(() => openBackend(url, { name: "unit", broker, log: silentLogger, resultExpires: 1 })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });

  it("don't show up with a password in the message", () => {
    expect(() =>
      openBackend("redis://user:secret@host", { name: "unit", broker, log: silentLogger, resultExpires: 1 }),
    ).not.toThrow(/secret/);
  });
});

describe("the rpc backend", () => {
  const bench = backendBench({ url: () => "rpc://", broker: () => "memory://" });

  it("has a reply queue of its own, named after the app", () => {
    const [one, two] = [bench.open().backend, bench.open().backend];
    expect(one.replyTo).toMatch(/^ligature\.reply\.conformance\.[0-9a-f-]{36}$/);
    expect(one.replyTo).not.toBe(two.replyTo);
  });

  it("declares the reply queue when it is started, not before", async () => {
    const { backend, broker } = bench.open();
    await expectCode(broker.publish(messageTo(backend.replyTo ?? "", "x")), "UNROUTABLE");
    await backend.start();
    await broker.publish(messageTo(backend.replyTo ?? "", "x"));
  });

  it("can be started again after a start that came too late", async () => {
    const { backend } = bench.open();
    await expectCode(backend.start({ giveUpAt: Date.now() - 1 }), "NOT_SENT");
    await backend.start();
    const inbox = new Inbox<StoredResult>();
    backend.watch("id", inbox.put);
    await backend.store(resultOf("id", 1), { replyTo: backend.replyTo, correlationId: "id" });
    await inbox.next();
  });

  it.each([
    ["no JSON", "{", {}],
    ["no object", "[1]", { contentType: "application/json" }],
    ["an empty body", "", { contentType: "application/json" }],
    ["another content type", "x", { contentType: "text/plain", contentEncoding: "utf-8" }],
    ["an unknown status", '{"task_id":"id","status":5}', { contentType: "application/json", contentEncoding: "utf-8" }],
  ])("drops a message that is no result (%s) with a warning, and goes on", async (_what, body, properties) => {
    const { log, lines } = recordLog();
    const { backend, broker } = bench.open({ log });
    await backend.start();
    const inbox = new Inbox<StoredResult>();
    backend.watch("id", inbox.put);
    await broker.publish(messageTo(backend.replyTo ?? "", body, { properties }));
    await backend.store(resultOf("id", 1), { replyTo: backend.replyTo, correlationId: "id" });
    expect((await inbox.next()).result).toBe(1);
    const warnings = lines.filter(({ level }) => level === "warn");
    expect(warnings).toMatchObject([{ fields: { queue: backend.replyTo, err: { code: "UNREADABLE" } } }]);
  });

  it("acknowledges everything, so that more results than its prefetch come through", async () => {
    const { backend, broker } = bench.open();
    await backend.start();
    const inbox = new Inbox<StoredResult>();
    backend.watch("id", inbox.put);
    const to = { replyTo: backend.replyTo, correlationId: undefined };
    for (let count = 0; count < 1000; count += 1) {
      await broker.publish(messageTo(backend.replyTo ?? "", "no result"));
      await backend.store(resultOf("unknown", 1), to);
    }
    await backend.store(resultOf("id", 1), to);
    await inbox.next();
  });

  it("goes by the correlation id when the result's own id is unknown", async () => {
    const { backend } = bench.open();
    await backend.start();
    const inbox = new Inbox<StoredResult>();
    backend.watch("request", inbox.put);
    await backend.store(resultOf("other", 1), { replyTo: backend.replyTo, correlationId: "request" });
    expect((await inbox.next()).result).toBe(1);
  });

  it("notes in the log what nobody waits for, at debug level, and what nobody can receive, as a warning", async () => {
    const { log, lines } = recordLog();
    const { backend } = bench.open({ log });
    await backend.start();
    await backend.store(resultOf("gone", 1), { replyTo: "ligature.reply.gone", correlationId: "gone" });
    await backend.store(resultOf("unwatched", 1), { replyTo: backend.replyTo, correlationId: "unwatched" });
    await eventually(() => expect(lines).toHaveLength(2));
    expect(lines).toMatchObject([
      { level: "warn", fields: { id: "gone", replyTo: "ligature.reply.gone" } },
      { level: "debug", fields: { id: "unwatched" } },
    ]);
  });

  it("passes on why a result could not be stored", async () => {
    const { backend } = bench.open({ maxPayload: 500 });
    await backend.start();
    const to = { replyTo: backend.replyTo, correlationId: "id" };
    await expectCode(backend.store(resultOf("id", "x".repeat(1000)), to), "PAYLOAD_TOO_LARGE");
  });

  it("leaves its queue to the broker when it is closed, so that what is still stored is no error", async () => {
    const [caller, worker] = [bench.open().backend, bench.open().backend];
    await caller.start();
    await caller.close();
    await worker.store(resultOf("id", 1), { replyTo: caller.replyTo, correlationId: "id" });
  });

  it("is closed at once even while its broker can't be reached, and closes the consumer that comes late", async () => {
    const late = new Inbox<(consumer: Consumer) => void>();
    const closed = new Inbox<string>();
    const consumer: Consumer = { active: true, cancel: async () => {}, close: async () => closed.put("closed") };
    const broker = {
      declare: async () => {},
      deleteQueue: async () => {},
      consume: () => new Promise<Consumer>((resolve) => late.put(resolve)),
    } as unknown as Broker;
    const backend = openBackend("rpc://", { name: "unit", broker, log: silentLogger, resultExpires: 1000 });
    const starting = backend.start();
    const connect = await late.next();
    await backend.close();
    connect(consumer);
    await expectCode(starting, "CLOSED");
    expect(await closed.next()).toBe("closed");
  });

  it("tries again to consume when that has failed", async () => {
    const broker = openBroker(`memory://${randomUUID()}`, {
      name: "unit",
      log: silentLogger,
      publishTimeout: 1000,
      maxPayload: 1000,
      maxUnconfirmed: 1,
    });
    const consume = vi.spyOn(broker, "consume").mockRejectedValueOnce(new LigatureError("CONNECTION_LOST", "lost"));
    const backend = openBackend("rpc://", { name: "unit", broker, log: silentLogger, resultExpires: 1000 });
    await expectCode(backend.start(), "CONNECTION_LOST");
    await backend.start();
    await backend.start();
    expect(consume).toHaveBeenCalledTimes(2);
    const inbox = new Inbox<StoredResult>();
    backend.watch("id", inbox.put);
    await broker.publish(encodeResult(resultOf("id", 1), backend.replyTo ?? "", "id"));
    await inbox.next();
    await backend.close();
    await broker.close();
  });
});
