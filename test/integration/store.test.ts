import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:net";
import { createApp, LigatureError, silentLogger, type Logger } from "ligature";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startRedis, type PrivateRedis } from "../../scripts/lib/private-redis.mjs";
import { openStore, script, type MemoryStore, type RedisStore } from "../../src/dist/store/index.js";
import { expectCode } from "../support/broker-bench.ts";
import { recordLog } from "../support/log-recorder.ts";
import { patience } from "../support/patience.ts";
import { startRedisCluster } from "../support/redis-cluster.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

function open(url: string, log: Logger = silentLogger): RedisStore {
  const store = openStore(url, { name: "store-test", log });
  opened.push(store);
  if (store.kind !== "redis") throw new Error(`${url} is no Redis`);
  return store;
}

const append = script(`redis.call("RPUSH", KEYS[1], unpack(ARGV)); return redis.call("LRANGE", KEYS[1], 0, -1)`);

describe("a store in Redis", () => {
  let redis: PrivateRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it("runs scripts, also those that Redis has forgotten", async () => {
    const store = open(redis.url);
    await store.ready();
    const key = store.key("test", randomUUID());
    expect(await store.run(append, [key], ["a", 1])).toEqual(["a", "1"]);
    await redis.cli("script", "flush");
    expect(await store.run(append, [key], ["b"])).toEqual(["a", "1", "b"]);
  });

  it("answers what a script finds nothing for with null", async () => {
    const store = open(redis.url);
    expect(await store.run(script(`return redis.call("GET", KEYS[1])`), [store.key("test", randomUUID())], [])).toBe(null);
  });

  it("names its keys with the prefix of its URL", async () => {
    expect(open(`${redis.url}?prefix=shop`).key("once", "a", "b")).toBe("shop_ligature-once-a.b");
    expect(open(redis.url).key("once", "a")).toBe("ligature-once-a");
  });

  it("goes on when Redis was away", async () => {
    const store = open(redis.url);
    const key = store.key("test", randomUUID());
    await store.ready();
    await redis.kill();
    const answer = store.run(append, [key], ["a"]);
    await redis.start();
    expect(await answer).toEqual(["a"]);
  });

  it("tells in time that Redis is away, and never its password", async () => {
    const store = open("redis://:hush@127.0.0.1:1");
    const failure = await store.ready(Date.now() + 200).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "NOT_SENT" });
    expect(String(failure)).not.toContain("hush");
  });

  it("blames the store's URL for a login that is refused", async () => {
    const { log, lines } = recordLog();
    await redis.cli("config", "set", "requirepass", "right");
    try {
      await expectCode(open(redis.url.replace("//", "//:hush@"), log).ready(Date.now() + 1000), "NOT_SENT");
    } finally {
      await redis.cli("-a", "right", "--no-auth-warning", "config", "set", "requirepass", "");
    }
    expect(lines.map(({ message }) => message).join("\n")).toMatch(/check the store's URL/);
    expect(JSON.stringify(lines)).not.toContain("hush");
  });
});

it("keeps keys of one id in one slot of a cluster", async () => {
  await using cluster = await startRedisCluster();
  const store = open(cluster.url);
  const both = script(`redis.call("SET", KEYS[1], ARGV[1]); redis.call("SET", KEYS[2], ARGV[1]); return 1`);
  for (const id of ["plain", "with {braces}", "}{", "{}"]) {
    const keys = [store.key("test", id, "a"), store.key("test", id, "b")];
    expect(await store.run(both, keys, ["x"]), id).toBe(1);
  }
  expect(store.key("test", "{}")).not.toBe(store.key("test", "%7B%7D"));
});

describe("a Redis that is too old", () => {
  let server: Server;
  beforeAll(async () => {
    const info = "redis_version:4.0.14\r\nloading:0\r\n";
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (data) => {
        for (const command of data.toString().split(/(?=^\*\d+\r\n)/m)) {
          socket.write(/\binfo\b/i.test(command) ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n");
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("is refused, with what to do", async () => {
    const { port } = server.address() as { readonly port: number };
    const store = open(`redis://127.0.0.1:${port}`);
    const failure = await store.ready(Date.now() + patience).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LigatureError);
    expect(String(failure)).toBe(
      `LigatureError: [STORE_MISSING] Redis at redis://127.0.0.1:${port} is version 4.0.14, and a store needs 5.0 or newer: upgrade it, or give createApp() another one as store.`,
    );
    await expectCode(store.run(append, ["x"], ["y"]), "STORE_MISSING");
  });
});

describe("a store in memory", () => {
  const openMemory = (url: string): MemoryStore => openStore(url, { name: "store-test", log: silentLogger }) as MemoryStore;

  it("is shared by all apps of its URL, until the last is closed", async () => {
    const [one, two, other] = [openMemory("memory://shared"), openMemory("memory://shared"), openMemory("memory://other")];
    const made = one.space("test", () => new Map());
    expect(two.space("test", () => new Map())).toBe(made);
    expect(other.space("test", () => new Map())).not.toBe(made);
    await one.close();
    expect(two.space("test", () => new Map())).toBe(made);
    await Promise.all([two.close(), other.close()]);
    const later = openMemory("memory://shared");
    expect(later.space("test", () => new Map())).not.toBe(made);
    await later.close();
  });
});

describe("the option store", () => {
  it.each([
    ["amqp://guest:hush@localhost", /store must be a URL that starts with redis:/],
    ["", /store is an empty string\. If it comes from an environment variable such as REDIS_URL/],
    [undefined, /store is undefined/],
  ])("refuses %j", (store, message) => {
    const attempt = (): unknown => createApp({ name: "test", store } as never);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/hush/);
  });
});
