import { EventEmitter } from "node:events";
import { silentLogger } from "ligature";
import { describe, expect, it, vi } from "vitest";
import { Keys, Subscriptions } from "../../../../src/dist/backend/redis/index.js";
import { Watchers } from "../../../../src/dist/backend/index.js";
import { eventually } from "../../../support/patience.ts";

/** As much of a Redis as subscriptions need: what is stored, and who listens. */
class FakeRedis extends EventEmitter {
  readonly stored = new Map<string, string>();
  readonly channels = new Set<string>();
  /** Commands wait for this. */
  gate: Promise<void> = Promise.resolve();

  async subscribe(...channels: string[]): Promise<void> {
    await this.gate;
    for (const channel of channels) this.channels.add(channel);
  }

  async unsubscribe(...channels: string[]): Promise<void> {
    for (const channel of channels) this.channels.delete(channel);
  }

  async ping(): Promise<void> {
    await this.gate;
  }

  publish(channel: string, json: string): void {
    this.stored.set(channel, json);
    if (this.channels.has(channel)) this.emit("messageBuffer", Buffer.from(channel), Buffer.from(json));
  }
}

function setUp() {
  const redis = new FakeRedis();
  const watchers = new Watchers(silentLogger);
  const keys = new Keys("", false);
  const told: string[] = [];
  const lookUp = vi.fn(async (ids: readonly string[]) => {
    await redis.gate;
    return ids.map((id) => {
      const json = redis.stored.get(keys.task(id));
      return json === undefined ? null : Buffer.from(json);
    });
  });
  const subscriptions = new Subscriptions({
    keys,
    watchers,
    log: silentLogger,
    lookUp,
    unreachable: () => new Error("unreachable"),
    deliver: (watcher, json) => told.push(`${watcher.id}: ${json.toString()}`),
  });
  const connect = (connection = redis): void => subscriptions.up(connection as never);
  const watch = (id: string) => subscriptions.watch(watchers.add(id, () => {}));
  return { redis, told, lookUp, subscriptions, connect, watch, channel: (id: string) => keys.task(id) };
}

describe("subscriptions", () => {
  it("hand on what is there, what comes, and nothing twice", async () => {
    const { redis, told, connect, watch, channel } = setUp();
    connect();
    redis.stored.set(channel("a"), "before");
    await watch("a").caughtUp;
    redis.publish(channel("a"), "after");
    expect(told).toEqual(["a: before", "a: after"]);
  });

  it("prefer what was published meanwhile to what was looked up", async () => {
    const { redis, told, connect, watch, channel } = setUp();
    connect();
    redis.stored.set(channel("a"), "old");
    redis.channels.add(channel("a"));
    let open = (): void => {};
    redis.gate = new Promise((resolve) => (open = resolve));
    const watching = watch("a");
    redis.publish(channel("a"), "new");
    open();
    await watching.caughtUp;
    await eventually(() => expect(told).toEqual(["a: new"]));
  });

  it("go with a new connection, which tells only what is news", async () => {
    const { redis, told, subscriptions, connect, watch, channel } = setUp();
    connect();
    const [first, second] = [watch("a"), watch("b")];
    await Promise.all([first.caughtUp, second.caughtUp]);
    redis.publish(channel("a"), "known");
    subscriptions.down();
    redis.stored.set(channel("b"), "missed");
    const next = new FakeRedis();
    connect(next);
    await Promise.all([first.caughtUp, second.caughtUp]);
    expect(told).toEqual(["a: known", "b: missed"]);
    expect([...next.channels].toSorted()).toEqual([channel("a"), channel("b")]);
  });

  it("keep nothing of watches that have ended", async () => {
    const { redis, told, connect, watch, channel } = setUp();
    connect();
    const watches = [watch("a"), watch("a"), watch("b")] as const;
    for (const { caughtUp } of watches) await caughtUp;
    watches[0].close();
    watches[2].close();
    await eventually(() => expect([...redis.channels]).toEqual([channel("a")]));
    watches[1].close();
    watches[1].close();
    await eventually(() => expect(redis.channels.size).toBe(0));
    redis.publish(channel("a"), "late");
    expect(told).toEqual([]);
  });

  it("come back when an id is watched again at once", async () => {
    const { redis, told, connect, watch, channel } = setUp();
    connect();
    const first = watch("a");
    await first.caughtUp;
    first.close();
    await watch("a").caughtUp;
    redis.publish(channel("a"), "heard");
    expect(told).toEqual(["a: heard"]);
  });

  it("look once more for what wasn't heard, and tell only that", async () => {
    const { redis, told, subscriptions, connect, watch, channel } = setUp();
    connect();
    const [first, second] = [watch("a"), watch("b")];
    await Promise.all([first.caughtUp, second.caughtUp]);
    redis.publish(channel("a"), "heard");
    redis.stored.set(channel("b"), "not heard");
    subscriptions.lookAgain();
    await Promise.all([first.caughtUp, second.caughtUp]);
    expect(told).toEqual(["a: heard", "b: not heard"]);
  });

  it("try again when Redis refuses", async () => {
    const { redis, told, lookUp, connect, watch, channel } = setUp();
    connect();
    redis.stored.set(channel("a"), "there");
    lookUp.mockRejectedValueOnce(new Error("NOPERM"));
    await watch("a").caughtUp;
    expect(told).toEqual(["a: there"]);
  });

  it("wait for a connection, and end with their owner", async () => {
    const { told, subscriptions, watch } = setUp();
    const watching = watch("a");
    const caughtUp = watching.caughtUp;
    subscriptions.close();
    await caughtUp;
    expect(told).toEqual([]);
  });
});
