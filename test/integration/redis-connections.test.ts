import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { silentLogger, type Logger } from "ligature";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startRedis, type PrivateRedis } from "../../scripts/lib/private-redis.mjs";
import type { ResultBackend } from "../../src/dist/backend/index.js";
import type { Packed, StoredResult } from "../../src/dist/protocol/index.js";
import { resultOf } from "../support/backend-bench.ts";
import { expectCode } from "../support/broker-bench.ts";
import { Inbox } from "../support/inbox.ts";
import { recordLog } from "../support/log-recorder.ts";
import { eventually, patience } from "../support/patience.ts";
import { rawRedis } from "../support/raw-redis.ts";
import { startRedisCluster, type RedisCluster } from "../support/redis-cluster.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openBackend, openBroker } from "../support/open.ts";

const nowhere = { replyTo: undefined, correlationId: undefined };
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

function open(url: string, log: Logger = silentLogger): ResultBackend {
  const limits = { publishTimeout: 10_000, maxPayload: 1_000_000, maxUnconfirmed: 100 };
  const broker = openBroker("memory://", { name: "redis-test", log, ...limits });
  const backend = openBackend(url, { name: "redis-test", broker, log, resultExpires: 60_000 });
  opened.push(async () => {
    await backend.close();
    await broker.close();
  });
  return backend;
}

function watch(backend: ResultBackend, id: string): Inbox<StoredResult> {
  const inbox = new Inbox<StoredResult>();
  backend.watch(id, inbox.put);
  return inbox;
}

describe("a Redis that goes away", () => {
  let redis: PrivateRedis;
  beforeAll(async () => {
    // What was written is there again after a restart.
    redis = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  });
  afterEach(() => redis.start());
  afterAll(() => redis.stop());

  it("and comes back: results that are stored meanwhile are kept waiting, and arrive", async () => {
    const { log, lines } = recordLog();
    const [caller, worker] = [open(redis.url, log), open(redis.url)];
    await Promise.all([caller.start(), worker.start()]);
    const id = randomUUID();
    const inbox = watch(caller, id);
    await worker.store(resultOf(id, 1, "PROGRESS"), nowhere);
    expect((await inbox.next()).result).toBe(1);
    await redis.kill();
    const stored = worker.store(resultOf(id, 2), nowhere);
    await eventually(() =>
      expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining("can't be reached")),
    );
    await redis.start();
    await stored;
    // Not the progress once more, which is what Redis had when the connection was back.
    expect((await inbox.next()).result).toBe(2);
    await eventually(() => expect(lines.at(-1)?.message).toMatch(/^connected again to Redis at redis:\/\/127\.0\.0\.1:\d+$/));
    expect(lines.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("for the caller only: what was stored while its connection was away is looked up", async () => {
    const [caller, worker] = [open(redis.url), open(redis.url)];
    await Promise.all([caller.start(), worker.start()]);
    const ids = Array.from({ length: 1200 }, () => randomUUID());
    const watches = ids.map((id) => watch(caller, id));
    await caller.watch(randomUUID(), () => {}).caughtUp;
    // Unheard of: not published, as if the connection had been away.
    await using raw = rawRedis(redis.url);
    await raw.run((each) => Promise.all(ids.map((id) => each.set(`celery-task-meta-${id}`, JSON.stringify(resultOf(id, id))))));
    await redis.cli("client", "kill", "type", "pubsub");
    for (const [index, inbox] of watches.entries()) expect((await inbox.next()).result).toBe(ids[index]);
  });

  it("without a word: what has a deadline ends then", async () => {
    const worker = open(redis.url);
    await worker.start();
    await redis.freeze();
    try {
      await expectCode(worker.chords.open({ groupId: randomUUID(), size: 1 }, { giveUpAt: Date.now() + 300 }), "CONNECTION_LOST");
    } finally {
      await redis.thaw();
    }
    await worker.store(resultOf(randomUUID(), 1), nowhere);
  });

  it("for good: a start gives up in time, and closing doesn't wait", async () => {
    await redis.kill();
    const { log, lines } = recordLog();
    const backend = open(redis.url, log);
    await expectCode(backend.start({ giveUpAt: Date.now() + 300 }), "NOT_SENT");
    await expect(backend.start({ giveUpAt: Date.now() + 50 })).rejects.toThrow(/out of reach for \d+ s: connect ECONNREFUSED/);
    expect(lines[0]).toMatchObject({
      level: "warn",
      message: expect.stringMatching(/^Redis at redis:\/\/127.0.0.1:\d+ can't be reached/),
    });
    const waiting = expectCode(backend.store(resultOf("id", 1), nowhere), "CLOSED");
    await backend.close();
    await waiting;
  });

  it("between a member's end and the body: the chord goes on where it was", async () => {
    const worker = open(redis.url);
    const groupId = randomUUID();
    await worker.chords.open({ groupId, size: 2 });
    const joined = vi.fn(async (_results: readonly Packed[]) => {});
    const succeed = (index: number): Promise<void> =>
      worker.chords.succeed({ groupId, index, taskId: `t${index}`, size: 2 }, { json: index }, joined, () => Promise.resolve());
    await succeed(0);
    await redis.kill();
    const last = succeed(1);
    await redis.start();
    await last;
    expect(joined.mock.calls).toMatchObject([[[{ json: 0 }, { json: 1 }]]]);
  });

  it("refuses what it can't take, with its own words", async () => {
    const backend = open(redis.url);
    await redis.cli("config", "set", "maxmemory", "1");
    try {
      await expectCode(backend.store(resultOf("id", 1), nowhere), "REFUSED");
      await expect(backend.store(resultOf("id", 1), nowhere)).rejects.toThrow("OOM command not allowed");
    } finally {
      await redis.cli("config", "set", "maxmemory", "0");
    }
  });

  it("wants a password: a wrong one is told, never shown", async () => {
    await redis.cli("config", "set", "requirepass", "right:secret");
    try {
      const withPassword = (password: string): string => redis.url.replace("//", `//:${encodeURIComponent(password)}@`);
      const { log, lines } = recordLog();
      const wrong = open(withPassword("wrong-secret"), log);
      await expectCode(wrong.start({ giveUpAt: Date.now() + 500 }), "NOT_SENT");
      expect(lines[0]).toMatchObject({ level: "error", message: expect.stringContaining("refused the login") });
      expect(JSON.stringify(lines)).not.toContain("wrong-secret");
      await open(withPassword("right:secret")).start();
    } finally {
      await redis.cli("-a", "right:secret", "--no-auth-warning", "config", "set", "requirepass", "");
    }
  });
});

it("databases and prefixes keep programs apart", async () => {
  await using redis = Object.assign(await startRedis(), {
    async [Symbol.asyncDispose]() {
      await redis.stop();
    },
  });
  const ids = { "": randomUUID(), "/1": randomUUID() };
  const watches = [];
  for (const [database, id] of Object.entries(ids)) {
    for (const prefix of ["", "?prefix=a", "?prefix=b:"]) {
      const backend = open(redis.url + database + prefix);
      await backend.store(resultOf(id, database + prefix), nowhere);
      watches.push({ expected: database + prefix, inbox: watch(backend, id) });
    }
  }
  for (const { expected, inbox } of watches) expect((await inbox.next()).result).toBe(expected);
  for (const [index, id] of Object.values(ids).entries()) {
    const keys = await redis.cli("-n", String(index), "keys", "*");
    expect(keys.trim().split("\n").toSorted()).toEqual(["a_", "b:", ""].map((prefix) => `${prefix}celery-task-meta-${id}`));
  }
});

describe("Redis behind TLS", () => {
  let redis: PrivateRedis;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let certificate: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    certificate = join(folder.path, "cert.pem");
    const key = join(folder.path, "key.pem");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate, ...subject];
    await promisify(execFile)("openssl", args, { timeout: patience });
    redis = await startRedis({
      args: [
        "--tls-cert-file",
        certificate,
        "--tls-key-file",
        key,
        "--tls-ca-cert-file",
        certificate,
        "--tls-auth-clients",
        "no",
      ],
    });
  });
  afterAll(async () => {
    await redis.stop();
    await folder.remove();
  });

  it.each([
    ["its certificate is given", () => `?ssl_ca_certs=${encodeURIComponent(certificate)}`],
    ["none is asked for", () => "?ssl_cert_reqs=none"],
  ])("is reached when %s", async (_when, query) => {
    const backend = open(redis.url + query());
    await backend.start({ giveUpAt: Date.now() + 5000 });
    const id = randomUUID();
    const inbox = watch(backend, id);
    await backend.store(resultOf(id, "safe"), nowhere);
    expect((await inbox.next()).result).toBe("safe");
  });

  it("isn't when nobody vouches for it", async () => {
    const backend = open(redis.url);
    await expect(backend.start({ giveUpAt: Date.now() + 1000 })).rejects.toThrow(/self-signed certificate/);
  });

  it("isn't without TLS", async () => {
    await expectCode(open(redis.url.replace("rediss:", "redis:")).start({ giveUpAt: Date.now() + 500 }), "NOT_SENT");
  });
});

describe("a Redis cluster", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it("carries results of all slots, by one URL and by one node of it", async () => {
    const [caller, worker] = [open(cluster.url), open(`redis-cluster://127.0.0.1:${cluster.nodes[1]?.port}`)];
    await Promise.all([caller.start(), worker.start()]);
    const ids = Array.from({ length: 300 }, () => randomUUID());
    const watches = ids.map((id) => watch(caller, id));
    await Promise.all(ids.map((id) => worker.store(resultOf(id, id), nowhere)));
    for (const [index, inbox] of watches.entries()) expect((await inbox.next()).result).toBe(ids[index]);
    for (const id of ids.slice(0, 20)) expect((await watch(worker, id).next()).result).toBe(id);
    await caller.forget?.(ids[0] as string);
  });

  it("joins chords, whose keys lie together", async () => {
    const backend = open(cluster.url);
    for (let round = 0; round < 10; round += 1) {
      const groupId = randomUUID();
      await backend.chords.open({ groupId, size: 20 });
      const joined = vi.fn(async (_results: readonly Packed[]) => {});
      const members = Array.from({ length: 20 }, (_, index) => ({ groupId, index, taskId: `t${index}`, size: 20 }));
      await Promise.all(
        members.map((member) => backend.chords.succeed(member, { json: member.index }, joined, () => Promise.resolve())),
      );
      expect(joined.mock.calls).toMatchObject([[members.map(({ index }) => ({ json: index }))]]);
    }
  });

  it("loses a node: results of the others arrive, and its own when it is back", async () => {
    const [caller, worker] = [open(cluster.url), open(cluster.url)];
    await Promise.all([caller.start(), worker.start()]);
    const ids = Array.from({ length: 30 }, () => randomUUID());
    const watches = ids.map((id) => watch(caller, id));
    await caller.watch(randomUUID(), () => {}).caughtUp;
    await cluster.nodes[0]?.kill();
    const stored = ids.map((id) => worker.store(resultOf(id, id), nowhere));
    await cluster.nodes[0]?.start();
    await Promise.all(stored);
    for (const [index, inbox] of watches.entries()) expect((await inbox.next(20_000)).result).toBe(ids[index]);
  });
});
