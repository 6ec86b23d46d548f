import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { lab } from "@ligature/lab";
import { chord, createApp, silentLogger } from "ligature";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRabbitmq, type PrivateRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import { onQueue } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { forkTypescript } from "../support/typescript-process.ts";

const size = 1000;

/** One of its own, since it is restarted. */
let rabbitmq: PrivateRabbitmq;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  rabbitmq = await startRabbitmq();
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await rabbitmq.stop();
});

/** What a worker tells; see chord-worker.ts. */
interface Told {
  readonly ready?: boolean;
  readonly added?: number;
  readonly gathered?: string;
}

/** Members that any worker has begun, and who waits until they are so many. */
class Begun {
  readonly members = new Set<number>();
  bodies = 0;
  #changed: () => void = () => {};

  hear(message: Told): void {
    if (message.added !== undefined) this.members.add(message.added);
    if (message.gathered !== undefined) this.bodies += 1;
    this.#changed();
  }

  async reach(count: number): Promise<void> {
    const deadline = Date.now() + patience;
    while (this.members.size < count) {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`Only ${this.members.size} members were begun.`)), deadline - Date.now());
        this.#changed = () => {
          clearTimeout(late);
          resolve();
        };
      });
    }
  }
}

async function startWorker(queue: string, begun: Begun): Promise<ChildProcess> {
  const child = forkTypescript("chord-worker", [queue, rabbitmq.url], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  started.add(child);
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("A worker wasn't ready in time.")), patience);
    child.on("message", (message: Told) => {
      begun.hear(message);
      if (message.ready !== true) return;
      clearTimeout(late);
      resolve();
    });
    child.once("exit", (code, signal) => reject(new Error(`A worker ended before it was ready: ${signal ?? code}.`)));
  });
  await ready;
  return child;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "disconnect"): Promise<void> {
  const exited = once(child, "exit");
  if (signal === "disconnect") child.disconnect();
  else child.kill(signal);
  await exited;
  started.delete(child);
}

test("a chord of 1,000 on RabbitMQ alone: workers killed three times in mid-way, the broker once, and its body runs with all results", async () => {
  const queue = `lab-${randomUUID()}`;
  const contract = onQueue(lab, queue);
  const begun = new Begun();
  const app = createApp({ name: "chaos", broker: rabbitmq.url, backend: "rpc://", log: silentLogger });
  const workers = await Promise.all([startWorker(queue, begun), startWorker(queue, begun)]);
  const replace = async (index: 0 | 1): Promise<void> => {
    await end(workers[index], "SIGKILL");
    workers[index] = await startWorker(queue, begun);
  };

  const header = Array.from({ length: size }, (_, index) => contract.add.si(index, 0));
  const result = await app.send(chord(header, contract.gather.s("body")));
  await begun.reach(50);
  await replace(0);
  await begun.reach(150);
  await replace(1);
  await begun.reach(250);
  await rabbitmq.kill();
  // All of that was in mid-way.
  expect(begun.members.size).toBeLessThan(size);
  await rabbitmq.start();
  await begun.reach(750);
  await replace(0);

  expect(await result.get({ timeout: patience })).toEqual(Array.from({ length: size }, (_, index) => index));
  // At least once: who is killed just after it has sent the body sends it again. Three kills can't do so more than three times.
  expect(begun.bodies).toBeGreaterThanOrEqual(1);
  expect(begun.bodies).toBeLessThanOrEqual(4);

  const queues = async (): Promise<string[]> =>
    (await rabbitmq.ctl("list_queues", "name", "messages", "--no-table-headers")).trim().split("\n").toSorted();
  // Members that ran twice may end after the body.
  await expect.poll(queues, { timeout: patience }).toContain(`${queue}\t0`);
  await app.close();
  await Promise.all(workers.map((worker) => end(worker, "disconnect")));
  // The contract's own are all that is left, and nothing in them. The log of revocations belongs to all apps.
  const left = async (): Promise<string[]> => (await queues()).filter((line) => !line.startsWith("ligature.revoked\t"));
  await expect.poll(left, { timeout: patience }).toEqual([`${queue}\t0`, `${queue}.dead\t0`]);
});
