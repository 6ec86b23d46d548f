import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { listen, type RunningMonitor } from "@ligature/monitor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { celeryClient, startCeleryWorker, type CeleryWorker } from "../support/celery.ts";
import { eventually } from "../support/patience.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = await temporaryFolder();
const queue = `monitored-${randomUUID().slice(0, 8)}`;
let running: RunningMonitor;
let worker: CeleryWorker;

beforeAll(async () => {
  [running, worker] = await Promise.all([
    listen({
      broker: amqpUrl(),
      database: join(folder.path, "monitor"),
      queue: `ligature.monitor.${queue}`,
      port: 0,
      contracts: [],
    }),
    startCeleryWorker(queue),
  ]);
});

afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await running?.close();
  await folder.remove();
});

async function page(path: string): Promise<string> {
  const answer = await fetch(new URL(path, running.url), { headers: { accept: "text/html" } });
  return (await answer.text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

test("a Celery worker that was started without -E is asked for its tasks; what it runs is seen, with its errors", async () => {
  await eventually(async () => expect(await page("/")).toMatch(new RegExp(`${queue}@test py-celery 5\\.\\d+\\.\\d+ online`)));
  // n.b. It hears that it is asked some time after it says that it is there.
  await eventually(async () => {
    await celeryClient(queue, "send", { task: "legacy.add", args: [20, 22], queue });
    expect(await page("/search?task=legacy.add&state=SUCCESS")).toMatch(/legacy\.add success /);
  });
  await celeryClient(queue, "send", { task: "legacy.fail", args: ["on purpose"], queue });
  await eventually(async () => expect(await page("/")).toMatch(/legacy\.fail ValueError 1 /));
  const [, id = ""] =
    /href="\/runs\/([^"]+)"/.exec(await (await fetch(new URL("/search?task=legacy.fail", running.url))).text()) ?? [];
  const shown = await page(`/runs/${id}`);
  expect(shown).toMatch(/ValueError: on purpose|ValueError\(&#39;on purpose&#39;\)/);
  expect(shown).toContain("Traceback (most recent call last)");
  expect(shown).toMatch(/received .* started .* failed /);
  expect(await page("/")).not.toContain("Nothing can be written");
});

test("what was said while the monitor wasn't there is heard afterwards", async () => {
  const { url } = running;
  await running.close();
  await celeryClient(queue, "send", { task: "legacy.total", args: [[1, 2, 3]], queue });
  running = await listen({
    broker: amqpUrl(),
    database: join(folder.path, "monitor"),
    queue: `ligature.monitor.${queue}`,
    port: Number(new URL(url).port),
    contracts: [],
  });
  await eventually(async () => expect(await page("/search?task=legacy.total")).toMatch(/legacy\.total success /));
  expect(await page("/search?task=legacy.fail")).toContain("1 task");
});
