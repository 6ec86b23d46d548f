import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { amqpUrl, redisUrl } from "../support/brokers.ts";
import { eventually } from "../support/patience.ts";
import { deleteQueues } from "../support/raw-amqp.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { forkTypescript } from "../support/typescript-process.ts";

/** By hand, for the whole: `TICKS=1000 npm test -- chaos -- chaos/schedules.test.ts`. */
const wanted = Number(process.env["TICKS"] ?? 60);
const every = 200;
const longest = 900_000;

const children = new Set<ChildProcess>();
const queues: string[] = [];
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  await deleteQueues(amqpUrl(), queues.splice(0));
  for (const folder of folders.splice(0)) await folder.remove();
});

async function start(role: "scheduler" | "worker", args: readonly string[]): Promise<ChildProcess> {
  const child = forkTypescript("schedule-program", [role, ...args], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", () => reject(new Error("It ended before it was ready.")));
  });
  return child;
}

describe.each([
  { name: "Redis", store: redisUrl, exactly: true },
  { name: "RabbitMQ alone", store: () => "", exactly: false },
])("three schedulers that are killed at random, by $name", ({ name, store, exactly }) => {
  test(
    "leave no tick out",
    async () => {
      const folder = await temporaryFolder();
      folders.push(folder);
      const journal = join(folder.path, "ticks");
      const queue = `ticks-${randomUUID()}`;
      queues.push(queue, `${queue}.dead`, `ligature.schedules.${queue}`, `ligature.schedules.${queue}.state`);
      const args = [queue, amqpUrl(), store(), String(every), journal];
      const ran = async (): Promise<readonly string[]> => {
        const text = await readFile(journal, "utf8").catch(() => "");
        return text.split("\n").filter((line) => line !== "");
      };
      await start("worker", args);
      const schedulers = await Promise.all([1, 2, 3].map(() => start("scheduler", args)));
      let kills = 0;
      while (new Set(await ran()).size < wanted) {
        await pause(500 + Math.random() * 2000);
        const victim = Math.floor(Math.random() * schedulers.length);
        const { pid } = schedulers[victim] as ChildProcess;
        process.kill(pid as number, "SIGKILL");
        kills += 1;
        schedulers[victim] = await start("scheduler", args);
      }
      // What is on its way arrives.
      const last = Math.max(...[...new Set(await ran())].map((id) => Date.parse(id.split("@")[1] as string)));
      const times = await eventually(async () => {
        const found = [...new Set(await ran())].map((id) => Date.parse(id.split("@")[1] as string)).toSorted((a, b) => a - b);
        for (const [index, time] of found.entries()) {
          if (time <= last) expect(time).toBe((found[0] as number) + index * every);
        }
        return found;
      });
      const all = await ran();
      const doubles = all.length - new Set(all).size;
      if (process.env["TICKS"] !== undefined) {
        console.log(`${name}: ${times.length} ticks, none missing; ${kills} kills; ${doubles} ticks ran twice.`);
      }
      if (exactly) expect(doubles).toBe(0);
      else expect(doubles).toBeLessThanOrEqual(kills);
    },
    longest,
  );
});
