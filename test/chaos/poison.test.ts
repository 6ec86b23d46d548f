import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { deadLetterQueue, suspectsQueue } from "../../src/dist/broker/index.js";
import { silentLogger } from "ligature";
import { amqpUrl } from "../support/brokers.ts";
import { startLab } from "../support/lab.ts";
import { eventually } from "../support/patience.ts";
import { deleteQueues } from "../support/raw-amqp.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { forkTypescript } from "../support/typescript-process.ts";
import { openBroker } from "../support/open.ts";

/** Thirteen processes are started one after the other, on a busy machine. */
const longest = 240_000;
const deliveryLimit = 4;

/** Starts the worker again each time it ends, as an orchestrator does. */
class Restarted {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isWanted = true;
  deaths = 0;

  constructor(args: readonly string[]) {
    this.#args = args;
    this.#start();
  }

  async end(): Promise<void> {
    this.#isWanted = false;
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  #start(): void {
    const child = forkTypescript("lost-worker", this.#args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once("exit", () => {
        if (this.#isWanted) {
          this.deaths += 1;
          this.#start();
        }
        resolve();
      });
    });
  }
}

let workers: Restarted[] = [];
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.end()));
  workers = [];
});

describe.each(["quorum", "classic"] as const)("a request that ends its worker, on a %s queue", (type) => {
  test(
    "is the only one that is given up, whatever runs beside it or waits for its turn",
    async () => {
      const url = amqpUrl();
      const folder = await temporaryFolder();
      await using system = await startLab(url, { start: false, queue: { type, deliveryLimit } });
      const broker = openBroker(url, {
        name: "chaos",
        log: silentLogger,
        publishTimeout: 30_000,
        maxPayload: 1024 * 1024,
        maxUnconfirmed: 1000,
      });
      try {
        const { remote, queue } = system;
        const far = { timeout: longest };
        const poison = await remote.describe.delay(0, "poison");
        const innocents = await Promise.all(Array.from({ length: 8 }, (_, index) => remote.describe.delay(index, "innocent")));
        const journal = join(folder.path, "journal");
        const worker = new Restarted([queue, url, type, String(deliveryLimit), journal]);
        workers.push(worker);
        await expect(poison.get(far)).rejects.toMatchObject({ code: "WORKER_LOST" });
        for (const [index, result] of innocents.entries()) expect(await result.get(far)).toBe(`${index} innocent`);
        // Three times beside others, then alone.
        const runs = (await readFile(journal, "utf8")).trimEnd().split("\n");
        const poisonous = runs.filter((line) => line.startsWith("poison"));
        expect(poisonous.length).toBe(3 + deliveryLimit);
        expect(worker.deaths).toBe(3 + deliveryLimit);
        await eventually(async () => expect((await broker.inspect(deadLetterQueue(queue)))?.ready).toBe(1));
        expect((await broker.inspect(suspectsQueue(queue)))?.ready).toBe(0);
        expect((await broker.inspect(queue))?.ready).toBe(0);
        const names = [queue, deadLetterQueue(queue), suspectsQueue(queue)];
        await worker.end();
        await deleteQueues(url, names);
      } finally {
        await broker.close();
        await folder.remove();
      }
    },
    longest + 60_000,
  );
});
