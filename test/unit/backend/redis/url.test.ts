import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Keys } from "../../../../src/dist/backend/redis/index.js";
import { commonOptions, parseRedisUrl, towards } from "../../../../src/dist/redis/index.js";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const plain = {
  option: "backend",
  cluster: false,
  nodes: [{ host: "localhost", port: 6379 }],
  username: undefined,
  password: undefined,
  db: 0,
  tls: undefined,
  prefix: "",
  display: "redis://localhost:6379",
};

describe("a Redis URL", () => {
  it.each([
    ["redis://", {}],
    ["redis://localhost", {}],
    ["redis://localhost/", {}],
    ["redis:///3", { db: 3, display: "redis://localhost:6379/3" }],
    ["redis://cache:6380/0", { nodes: [{ host: "cache", port: 6380 }], display: "redis://cache:6380" }],
    ["redis://[::1]:6380", { nodes: [{ host: "::1", port: 6380 }], display: "redis://[::1]:6380" }],
    ["redis://:p%40ss%3A@localhost", { password: "p@ss:" }],
    ["redis://user:a:b@localhost", { username: "user", password: "a:b" }],
    ["redis://user@localhost", { username: "user" }],
    ["redis://?prefix=shop", { prefix: "shop_" }],
    ["redis://?prefix=shop:", { prefix: "shop:" }],
    [
      "rediss://localhost",
      { tls: { verify: true, ca: undefined, cert: undefined, key: undefined }, display: "rediss://localhost:6379" },
    ],
    [
      "rediss://localhost?ssl_cert_reqs=CERT_NONE&ssl_ca_certs=%2Fca.pem&ssl_certfile=c.pem&ssl_keyfile=k.pem",
      { tls: { verify: false, ca: "/ca.pem", cert: "c.pem", key: "k.pem" }, display: "rediss://localhost:6379" },
    ],
    [
      "redis-cluster://:secret@a:1,b:2,[::1]",
      {
        cluster: true,
        password: "secret",
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
          { host: "::1", port: 6379 },
        ],
        display: "redis-cluster://a:1,b:2,[::1]:6379",
      },
    ],
  ])("%s is understood", (url, expected) => {
    expect(parseRedisUrl(url)).toEqual({ ...plain, ...expected });
  });

  it.each([
    ["redis:/localhost", "form"],
    ["redis://a b", "host is a name"],
    ["redis://host:", "host is a name"],
    ["redis://host:0", "1 to 65535"],
    ["redis://host:70000", "1 to 65535"],
    ["redis://a,b", "redis-cluster://"],
    ["redis://a,,b", "host is a name"],
    ["redis://host/name", "number of a database"],
    ["redis://host/-1", "number of a database"],
    ["redis-cluster://a/1", "no database but 0"],
    ["redis://host?timeout=3", 'unknown option "timeout"; known are prefix, ssl_cert_reqs'],
    ["redis://host?prefix=a&prefix=b", "twice"],
    ["redis://host?prefix={a}", "braces"],
    ["redis://host?ssl_cert_reqs=none", "begin with rediss://"],
    ["rediss://host?ssl_cert_reqs=maybe", "required, optional"],
    ["rediss://host?ssl_certfile=a", "go together"],
    ["redis://:secret%@host", "%25"],
    ["redis://user:se/cret@host", "percent-encoded"],
    ["redis://host?__proto__=1", "unknown option"],
    ["redis://:secret@a/0;redis://:secret@b/0", "form"],
    ["redis://:secret@a,redis://:secret@b", "form"],
    ["redis://a?prefix=x;redis://:secret@b", "percent-encoded"],
    ["redis://app?secret@host", "percent-encoded"],
    ["redis://a?S:secret", "unknown option; known"],
  ])("%s is refused, without repeating a password", (url, reason) => {
    let message = "";
    try {
      parseRedisUrl(url);
    } catch (error) {
      expect(error).toMatchObject({ code: "INVALID_OPTION" });
      ({ message } = error as Error);
    }
    expect(message).toContain(reason);
    expect(message).not.toContain("secret");
    expect(message).not.toContain("cret@");
  });
});

describe("connections", () => {
  it("name the server to TLS, except by its address", async () => {
    const folder = await temporaryFolder();
    try {
      const ca = join(folder.path, "ca.pem");
      await writeFile(ca, "a certificate");
      const address = parseRedisUrl(`rediss://cache.example?ssl_ca_certs=${encodeURIComponent(ca)}`);
      const common = commonOptions(address, "test");
      expect(towards({ host: "cache.example", port: 1 }, common).tls).toEqual({
        rejectUnauthorized: true,
        ca: Buffer.from("a certificate"),
        servername: "cache.example",
      });
      expect(towards({ host: "10.0.0.1", port: 1 }, common).tls).not.toHaveProperty("servername");
    } finally {
      await folder.remove();
    }
  });

  it("say which file they can't read", () => {
    const address = parseRedisUrl("rediss://host?ssl_ca_certs=/nowhere/ca.pem");
    expect(() => commonOptions(address, "test")).toThrow(/ssl_ca_certs .* can't be read: \/nowhere\/ca\.pem/);
  });
});

it("keys of one chord lie in one slot of a cluster, and have Celery's names elsewhere", () => {
  expect(new Keys("", false).chord("g")).toEqual({
    size: "celery-taskset-meta-g.s",
    extra: "celery-taskset-meta-g.t",
    parts: "celery-taskset-meta-g.j",
    meta: "celery-taskset-meta-g.m",
    claim: "celery-taskset-meta-g.c",
  });
  expect(new Keys("shop:", true).chord("g").parts).toBe("shop:celery-taskset-meta-{g}.j");
  expect(new Keys("shop:", false).idOf("shop:celery-task-meta-1")).toBe("1");
  expect(new Keys("shop:", false).idOf("celery-task-meta-1")).toBeUndefined();
});
