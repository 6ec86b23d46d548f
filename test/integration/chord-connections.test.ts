import { randomUUID } from "node:crypto";
import { silentLogger } from "ligature";
import { expect, it } from "vitest";
import { QueueBarrier } from "../../src/dist/backend/queue-barrier/index.js";
import type { Packed } from "../../src/dist/protocol/index.js";
import { openRabbitmq } from "../support/amqp-bench.ts";
import { countReady } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const size = 60;

/** A chord, and three workers' ways to RabbitMQ, each of which can be cut. */
async function openChord(prepare: (proxies: readonly TcpProxy[]) => void = () => {}) {
  const near = openRabbitmq();
  const groupId = randomUUID();
  const barrierOn = (broker: typeof near) => new QueueBarrier({ broker, log: silentLogger, expires: 60_000 });
  await barrierOn(near).open({ groupId, size });
  const proxies = await Promise.all([1, 2, 3].map(() => TcpProxy.start(amqpUrl())));
  prepare(proxies);
  const barriers = proxies.map((proxy) => barrierOn(openRabbitmq({ proxy })));
  const member = (index: number) => ({ groupId, index, taskId: `member-${index}`, size });
  return {
    proxies,
    left: () => countReady(near, `ligature.chord.${groupId}`),
    succeed: (index: number, join: (results: readonly Packed[]) => Promise<void>) =>
      barriers[index % barriers.length]!.succeed(member(index), { json: index }, join),
    fail: (index: number, tell: () => Promise<void>) =>
      barriers[index % barriers.length]!.fail(member(index), { json: "error" }, tell),
  };
}

const everything = Array.from({ length: size }, (_, index) => index);

it("a chord is joined however often connections are lost meanwhile", async () => {
  let chunks = 0;
  let cuts = 0;
  const chord = await openChord((proxies) => {
    // In the middle of whatever is being said, by one of them after the other.
    for (const proxy of proxies) {
      proxy.toServer = () => (chunk) => {
        chunks += 1;
        if (chunks % 13 !== 0 || cuts === 12) return chunk;
        cuts += 1;
        setImmediate(() => proxy.cut());
        return chunk;
      };
    }
  });
  const bodies: unknown[][] = [];
  const join = async (results: readonly Packed[]): Promise<void> => void bodies.push(results.map(({ json }) => json));
  // Some at a time, as a worker runs them.
  const waiting = everything.values();
  const serve = async (): Promise<void> => {
    for (const index of waiting) await chord.succeed(index, join);
  };
  await Promise.all(Array.from({ length: 6 }, serve));
  expect(cuts).toBeGreaterThanOrEqual(3);
  for (const body of bodies) expect(body).toEqual(everything);
  expect(bodies.length).toBeGreaterThanOrEqual(1);
  expect(await chord.left()).toBeUndefined();
});

it("who sent the body and lost its connection then doesn't send it again", async () => {
  const chord = await openChord();
  const last = size - 1;
  await Promise.all(everything.slice(0, -1).map((index) => chord.succeed(index, () => Promise.reject(new Error("Too early.")))));
  let bodies = 0;
  await chord.succeed(last, async (results) => {
    bodies += 1;
    expect(results).toHaveLength(size);
    chord.proxies[last % 3]?.cut();
  });
  expect(bodies).toBe(1);
  expect(await chord.left()).toBeUndefined();
});

it("a failure is told once when its connection is lost just then", async () => {
  const chord = await openChord();
  let told = 0;
  await chord.fail(4, async () => {
    told += 1;
    chord.proxies[4 % 3]?.cut();
  });
  expect(told).toBe(1);
  expect(await chord.left()).toBeUndefined();
});
