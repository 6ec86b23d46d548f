import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { expect, it } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { onQueue } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { deleteQueues } from "../support/raw-amqp.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";
import { forkTypescript } from "../support/typescript-process.ts";

const programFor = (...args: readonly string[]): ReturnType<typeof forkTypescript> =>
  forkTypescript("worker-program", args, { stdio: ["ignore", "inherit", "pipe", "ipc"] });

/** The exit code of a program that gets SIGTERM. */
async function terminated(program: ReturnType<typeof forkTypescript>): Promise<unknown> {
  const ended = once(program, "close", { signal: AbortSignal.timeout(patience) });
  program.kill("SIGTERM");
  const [code] = await ended;
  return code;
}

it("ends after SIGTERM, and has said by default what it was doing", async () => {
  const queue = `program-${randomUUID()}`;
  const program = programFor(amqpUrl(), queue);
  const printed = text(program.stderr ?? Readable.from([]));
  await using app = createApp({ name: "caller", broker: amqpUrl(), log: silentLogger });
  await expect(app.remote(onQueue(lab, queue)).explode.with({ timeout: patience })("no luck")).rejects.toThrow("no luck");
  expect(await terminated(program)).toBe(0);
  const lines = (await printed).split("\n");
  const messages = lines.filter((line) => /^\d/.test(line)).map((line) => line.replace(/^\S+ /, ""));
  // What waited in the queue may have failed before all of the worker is ready.
  expect([...messages.slice(0, 2).toSorted(), ...messages.slice(2)]).toEqual([
    expect.stringMatching(/^ERROR task failed .*task=lab\.explode .*err="no luck"$/),
    expect.stringMatching(/^INFO {2}worker is ready .*contract=lab queues=program-\S+ concurrency=16 broker=amqp:\S+ /),
    expect.stringMatching(/^INFO {2}worker drains; a second signal aborts what still runs .*signal=SIGTERM running=0$/),
    expect.stringMatching(/^INFO {2}worker has stopped .*succeeded=0 failed=1 /),
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}TypeError: no luck$/));
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}at .*lab\.ts/));
  await deleteQueues(amqpUrl(), [queue, `${queue}.dead`]);
});

it("ends after SIGTERM when it has never reached its broker", async () => {
  const proxy = await TcpProxy.reserve(amqpUrl());
  const program = programFor(proxy.through(amqpUrl()));
  await once(program, "message");
  program.stderr?.resume();
  expect(await terminated(program)).toBe(0);
  await proxy.shut();
});

it("ends by itself when it is refused", async () => {
  const url = new URL(amqpUrl());
  url.password = "wrong";
  const program = programFor(url.href);
  const printed = text(program.stderr ?? Readable.from([]));
  const [code] = await once(program, "close", { signal: AbortSignal.timeout(patience) });
  expect(code).toBe(1);
  expect(await printed).toContain("NOT_SENT");
});
