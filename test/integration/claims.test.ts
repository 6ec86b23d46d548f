import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { openRabbitmq, rawChannel } from "../support/amqp-bench.ts";
import { countReady, expectCode, messageTo } from "../support/broker-bench.ts";
import { amqpUrl } from "../support/brokers.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

async function temporaryQueue() {
  const proxy = await TcpProxy.start(amqpUrl());
  const [near, far] = [openRabbitmq(), openRabbitmq({ proxy })];
  const name = `temporary.${randomUUID()}`;
  await near.declare({ kind: "temporary", name, expires: 60_000 });
  return { proxy, near, far, name };
}

it("a claim is lost with its connection, and everything in it is back", async () => {
  const { proxy, near, far, name } = await temporaryQueue();
  for (const body of ["1", "2"]) await near.publish(messageTo(name, body));
  const claim = await far.claim(name);
  proxy.cut();
  await expectCode(claim?.release(claim.messages) ?? Promise.resolve(), "CONNECTION_LOST");
  await expectCode(claim?.deleteQueue() ?? Promise.resolve(), "CONNECTION_LOST");
  // The handle goes on working.
  const again = await far.claim(name);
  expect(again?.messages).toHaveLength(2);
  await again?.deleteQueue();
  expect(await countReady(near, name)).toBeUndefined();
});

it("a claim that waits is rejected when its connection is lost", async () => {
  const { proxy, near, far, name } = await temporaryQueue();
  const raw = await rawChannel();
  const waiting = expectCode(far.claim(name), "CONNECTION_LOST");
  await expect.poll(async () => (await raw.checkQueue(name)).consumerCount).toBe(1);
  proxy.cut();
  await waiting;
  await near.deleteQueue(name);
});

it("counting waits for the connection to come back, and what is gone stays gone", async () => {
  const { proxy, near, far, name } = await temporaryQueue();
  await far.declare({ kind: "temporary", name, expires: 60_000 });
  expect(await countReady(far, name)).toBe(0);
  await proxy.shut();
  const counting = countReady(far, name, { giveUpAt: Number.POSITIVE_INFINITY });
  await near.deleteQueue(name);
  await proxy.open();
  expect(await counting).toBeUndefined();
});

it("counting in vain is NOT_SENT", async () => {
  const { proxy, near, far, name } = await temporaryQueue();
  await proxy.shut();
  await expectCode(countReady(far, name, { giveUpAt: Date.now() + 50 }), "NOT_SENT");
  await near.deleteQueue(name);
});

it("a claim whose queue was deleted behind its back can be released: nothing is left to be given back", async () => {
  const { near, name } = await temporaryQueue();
  await near.publish(messageTo(name, "1"));
  const claim = await near.claim(name);
  const raw = await rawChannel();
  await raw.deleteQueue(name);
  await claim?.release([]);
  expect(await countReady(near, name)).toBeUndefined();
});
