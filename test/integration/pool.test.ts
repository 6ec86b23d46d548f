import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { describe, expect, it } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { onQueue } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { eventually, patience } from "../support/patience.ts";
import { startPoolLab } from "../support/pool-lab.ts";
import { deleteQueues } from "../support/raw-amqp.ts";
import { forkTypescript } from "../support/typescript-process.ts";

const calm = { timeout: patience };
const mebibyte = 1024 * 1024;
const executions = ["thread", "process"] as const;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** With heartbeats every second: RabbitMQ closes the connection of who misses two. */
function nervousUrl(): string {
  const url = new URL(amqpUrl());
  url.searchParams.set("heartbeat", "1");
  return url.href;
}

describe.each(executions)("a pool with execution: %s", (execution) => {
  it("ends endless loops at their hard limit, beside others that run on, with no heartbeat missed", async () => {
    const { log, lines } = recordLog();
    await using system = await startPoolLab(nervousUrl(), { execution, concurrency: 2 }, { log, hard: 1000 });
    // Long enough to miss several heartbeats, if anything of the worker were blocked.
    const started = performance.now();
    const loops = await Promise.all([1, 2, 3, 4].map((n) => system.remote.hardLimited.delay(`loop ${n}`)));
    for (const loop of loops) await expect(loop.get(calm)).rejects.toMatchObject({ code: "TIME_LIMIT" });
    expect(performance.now() - started).toBeGreaterThan(2000);
    expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
    const warnings = lines.filter(({ level }) => level === "warn" || level === "error");
    // A lost connection would be another one.
    expect(warnings.map(({ message }) => message)).toEqual(loops.map(() => "task failed"));
  });

  it("goes on beside what eats all memory", async () => {
    await using system = await startPoolLab(
      amqpUrl(),
      { execution, concurrency: 2, maxMemoryPerChild: (execution === "process" ? 256 : 64) * mebibyte },
      { queue: { deliveryLimit: 2 } },
    );
    const neighbour = await system.remote.describe.delay(1, "hears");
    await system.noted("hears false");
    const eater = await system.remote.describe.delay(2, execution === "process" ? "eat" : "eatHeap");
    await expect(eater.get(calm)).rejects.toMatchObject({ code: "WORKER_LOST", message: /2 times.*maxMemoryPerChild/ });
    // It has been the same run all the time.
    await neighbour.revoke({ terminate: true });
    await expect(neighbour.get(calm)).rejects.toMatchObject({ code: "REVOKED" });
    expect(system.notes().filter((line) => line.startsWith("hears"))).toEqual(["hears false"]);
    await system.noted("heard REVOKED");
  });
});

it("a process takes along what its handler has started", async () => {
  await using system = await startPoolLab(amqpUrl(), { execution: "process", concurrency: 1 });
  const result = await system.remote.describe.delay(1, "exec");
  await system.noted(/^sleeper \d+/);
  const sleeper = Number(
    system
      .notes()
      .find((line) => line.startsWith("sleeper"))
      ?.split(" ")[1],
  );
  expect(isAlive(sleeper)).toBe(true);
  await result.revoke({ terminate: true });
  await expect(result.get(calm)).rejects.toMatchObject({ code: "REVOKED" });
  await eventually(() => expect(isAlive(sleeper)).toBe(false));
  expect(await system.remote.add.with(calm)(1, 2)).toBe(3);
});

it("a worker that is killed leaves no child behind, nor what they have started", async () => {
  const queue = `pool-program-${randomUUID()}`;
  const notes = join(tmpdir(), `${queue}.notes`);
  const program = forkTypescript("pool-program", [amqpUrl(), queue], {
    stdio: "inherit",
    env: { ...process.env, LAB_NOTES: notes },
  });
  const app = createApp({ name: "caller", broker: amqpUrl(), log: silentLogger });
  const remote = app.remote(onQueue(lab, queue));
  const pidOf = async (): Promise<number> => Number((await remote.describe.with(calm)(0, "place")).split("/")[0]);
  const children = new Set([await pidOf(), await pidOf()]);
  await remote.describe.delay(1, "spin");
  await remote.describe.delay(2, "exec");
  const read = (): string => (existsSync(notes) ? readFileSync(notes, "utf8") : "");
  await eventually(() => expect(read()).toMatch(/spin false[^]*sleeper|sleeper[^]*spin false/));
  const sleeper = Number(/sleeper (\d+)/.exec(read())?.[1]);
  expect([...children, sleeper].filter(isAlive)).toHaveLength(children.size + 1);
  const gone = once(program, "exit");
  program.kill("SIGKILL");
  await gone;
  await eventually(() => expect([...children, sleeper].filter(isAlive)).toEqual([]));
  await app.close();
  await deleteQueues(amqpUrl(), [queue, `${queue}.dead`]);
  rmSync(notes, { force: true });
});
