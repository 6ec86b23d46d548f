import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lab } from "@ligature/lab";
import { createApp, silentLogger } from "ligature";
import { afterEach, expect, test } from "vitest";
import { amqpUrl, redisUrl } from "../support/brokers.ts";
import { onQueue } from "../support/lab.ts";
import { eventually, patience } from "../support/patience.ts";
import { deleteQueues } from "../support/raw-amqp.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { forkTypescript } from "../support/typescript-process.ts";

/** By hand, for the whole: `ONCE_SENDERS=20 ONCE_SENDS=500 npm test -- chaos -- chaos/once.test.ts`. */
const senders = Number(process.env["ONCE_SENDERS"] ?? 4);
const sendsEach = Number(process.env["ONCE_SENDS"] ?? 250);
const keys = 20;
const longest = 600_000;

const children: ChildProcess[] = [];
const queues: string[] = [];
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await deleteQueues(amqpUrl(), queues.splice(0));
  for (const folder of folders.splice(0)) await folder.remove();
});

function start(role: "worker" | "sender", queue: string, journal: string): ChildProcess {
  const args = [role, queue, amqpUrl(), redisUrl(), journal, String(keys), String(sendsEach)];
  const child = forkTypescript("once-program", args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  children.push(child);
  return child;
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as T));
    child.once("exit", (code) => reject(new Error(`It ended with ${code}.`)));
  });
}

async function linesOf(journal: string, kind: "start" | "end"): Promise<readonly string[][]> {
  const text = await readFile(journal, "utf8").catch(() => "");
  return text
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([first]) => first === kind);
}

function newQueue(): string {
  const queue = `once-${randomUUID()}`;
  queues.push(queue, `${queue}.dead`);
  return queue;
}

test(
  "many processes that send the same keys lead to one completed run each, and all are answered",
  async () => {
    const folder = await temporaryFolder();
    folders.push(folder);
    const queue = newQueue();
    const journal = join(folder.path, "runs");
    await Promise.all([start("worker", queue, journal), start("worker", queue, journal)].map((child) => told(child)));
    const begun = performance.now();
    const reports = await Promise.all(
      Array.from({ length: senders }, () =>
        told<{ answered: number; answers: Record<string, string[]> }>(start("sender", queue, journal)),
      ),
    );
    const answered = reports.reduce((total, report) => total + report.answered, 0);
    expect(answered).toBe(senders * sendsEach);
    const ends = await linesOf(journal, "end");
    for (let key = 0; key < keys; key += 1) {
      const unit = `key-${key}`;
      expect(
        ends.filter(([, of]) => of === unit),
        unit,
      ).toHaveLength(1);
      expect(new Set(reports.flatMap(({ answers }) => answers[unit] ?? [])).size, unit).toBe(1);
    }
    if (process.env["ONCE_SENDERS"] !== undefined) {
      const starts = await linesOf(journal, "start");
      console.log(
        `${senders} processes sent ${answered} requests with ${keys} keys; all answered. ${starts.length} runs begun, ${ends.length} ended; ${Math.round(performance.now() - begun)} ms.`,
      );
    }
  },
  longest,
);

test(
  "a run that is killed with its worker is repeated, and ends once",
  async () => {
    const folder = await temporaryFolder();
    folders.push(folder);
    const queue = newQueue();
    const journal = join(folder.path, "runs");
    await Promise.all([start("worker", queue, journal), start("worker", queue, journal)].map((child) => told(child)));
    await using app = createApp({ name: "once-caller", broker: amqpUrl(), store: redisUrl(), log: silentLogger });
    const { describe } = app.remote(onQueue(lab, queue));
    const send = (): Promise<string> =>
      describe.with({ idempotency: { key: queue, for: "1h" }, timeout: patience })(3000, "slow");
    const first = send();
    const [, , pid] = await eventually(async () => {
      const [line] = await linesOf(journal, "start");
      expect(line).toBeDefined();
      return line as string[];
    });
    const second = send();
    process.kill(Number(pid), "SIGKILL");
    const answers = await Promise.all([first, second]);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).not.toBe(`slow by ${pid}`);
    expect(await linesOf(journal, "start")).toHaveLength(2);
    expect(await linesOf(journal, "end")).toHaveLength(1);
    expect(await send()).toBe(answers[0]);
  },
  longest,
);
