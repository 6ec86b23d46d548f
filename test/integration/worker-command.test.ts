import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { lab, type Lab } from "@ligature/lab";
import { createApp, silentLogger, type App } from "ligature";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { amqpUrl } from "../support/brokers.ts";
import { CommandProcess } from "../support/command-process.ts";
import { onQueue } from "../support/lab.ts";
import { eventually, patience } from "../support/patience.ts";
import { deleteQueues } from "../support/raw-amqp.ts";

const served = fileURLToPath(new URL("../support/served-lab.ts", import.meta.url));

let queue: string;
let app: App;

beforeEach(() => {
  queue = `served-${randomUUID()}`;
  app = createApp({ name: "caller", broker: amqpUrl(), log: silentLogger });
});

afterEach(async () => {
  await app.close();
  await deleteQueues(amqpUrl(), [queue, `${queue}.dead`, `${queue}.suspects`]);
});

function started(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandProcess {
  const command = new CommandProcess(["worker", ...args], { AMQP_URL: amqpUrl(), LAB_QUEUE: queue, ...env });
  onTestFinished(async () => {
    command.process.kill("SIGKILL");
    await command.ended;
  });
  return command;
}

/** The pid of the process that answers. */
function answering(): Promise<string> {
  return app.remote(onQueue<Lab>(lab, queue)).greet.with({ timeout: patience })("pid");
}

/** All that answer, once there are so many, and none of the others. */
function allAnswering(count: number, without: readonly string[] = []): Promise<readonly string[]> {
  return eventually(async () => {
    const pids = new Set(await Promise.all(Array.from({ length: 24 }, () => answering())));
    expect([...pids].filter((pid) => without.includes(pid))).toEqual([]);
    expect(pids.size).toBe(count);
    return [...pids].sort();
  });
}

async function probe(command: CommandProcess, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const { port } = await eventually(() => {
    const line = command.log.find((each) => each["port"] !== undefined);
    expect(line).toBeDefined();
    return line as { readonly port: number };
  });
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, body: await answer.text() };
}

describe("in one process", () => {
  it("runs what a TypeScript module exports, and says at start what it serves", async () => {
    const command = started([served, "--concurrency", "3"]);
    expect(await answering()).toBe(String(command.process.pid));
    expect(command.log).toContainEqual(
      expect.objectContaining({
        level: "info",
        msg: "worker starts",
        module: served,
        app: "served",
        contract: "lab",
        queues: [queue],
        tasks: expect.arrayContaining(["lab.greet"]),
        concurrency: 3,
        ligature: expect.stringMatching(/^\d+\.\d+\.\d+/),
        node: process.versions.node,
      }),
    );
    const address = new URL(amqpUrl());
    expect(command.err).not.toContain(`:${address.password}@`);
    command.process.kill("SIGTERM");
    expect(await command.ended, command.err).toBe(0);
    expect(command.out).toBe("");
  });

  it("says on a terminal's behalf, in text, what Celery's worker says", async () => {
    const command = started([served, "--log", "text"]);
    await answering();
    expect(command.err).toMatch(/^ligature \d+\.\d+\.\d+, Node \d+/);
    expect(command.err).toMatch(/^ {2}worker {7}served@\S+ \(app served, .*served-lab\.ts\)$/m);
    expect(command.err).toMatch(new RegExp(`^ {2}queues {7}${queue}$`, "m"));
    expect(command.err).toMatch(/^ {2}tasks {8}lab\.add\n {15}lab\.\w+/m);
    expect(command.err).toMatch(/ INFO {2}worker is ready /);
  });

  it("answers probes: live at once, ready while it consumes and until it drains", async () => {
    const command = started([served, "--health-port", "0"]);
    expect((await probe(command, "/livez")).status).toBe(200);
    await answering();
    const ready = await probe(command, "/readyz");
    expect(ready.status, ready.body).toBe(200);
    expect(JSON.parse(ready.body)).toMatchObject({
      ready: true,
      apps: [{ app: "served", broker: { connected: true }, workers: [{ contract: "lab", state: "running", consuming: true }] }],
    });
    expect((await probe(command, "/")).status).toBe(404);
    command.process.kill("SIGTERM");
    expect(await command.ended, command.err).toBe(0);
  });

  it("ends with 1 when a worker may not start, and leaves nothing open", async () => {
    const url = new URL(amqpUrl());
    url.password = "wrong-s3cret";
    const command = started([served], { AMQP_URL: url.href });
    expect(await command.ended, command.err).toBe(1);
    expect(command.log.at(-1)).toMatchObject({ level: "error", err: { code: "NOT_SENT" } });
    expect(command.err).not.toContain("wrong-s3cret");
  });

  it.each([
    { args: ["no-such.ts"], says: "there is no file no-such.ts here" },
    { args: ["support"], says: "support is a folder" },
    { args: ["support/patience.ts"], says: "support/patience.ts exports no worker" },
    { args: [served, "--concurrency", "0"], says: "--concurrency must be a whole number from 1 to 10000" },
    { args: [served, "--processes", "2", "--watch"], says: "--watch runs one process" },
    { args: [], says: "module" },
  ])("refuses $args with 2", async ({ args, says }) => {
    const command = started(args);
    expect(await command.ended).toBe(2);
    expect(command.err).toContain(says);
  });
});

describe("with --watch", () => {
  it("starts again when a file changes that the module imports", async () => {
    const file = fileURLToPath(new URL(`../support/watched-${randomUUID()}.ts`, import.meta.url));
    await writeFile(file, 'export { app, worker } from "./served-lab.ts";\n');
    onTestFinished(() => rm(file, { force: true }));
    const command = started([file, "--watch"]);
    const [before = ""] = await allAnswering(1);
    await writeFile(file, 'export { app, worker } from "./served-lab.ts"; // changed\n');
    await allAnswering(1, [before]);
    command.process.kill("SIGTERM");
    await command.ended;
  });
});

describe("with --processes", () => {
  it("runs so many, each by its own name, starts again what is killed, and drains all", async () => {
    const command = started([served, "--processes", "2", "--health-port", "0"]);
    const [first = "", second = ""] = await allAnswering(2);
    expect(command.err).toMatch(/served-1@/);
    expect(command.err).toMatch(/served-2@/);
    await eventually(async () => expect((await probe(command, "/readyz")).status).toBe(200));
    process.kill(Number(first), "SIGKILL");
    await eventually(async () => expect((await probe(command, "/readyz")).status).toBe(503));
    const pids = await allAnswering(2, [first]);
    expect(pids).toContain(second);
    expect(command.log).toContainEqual(expect.objectContaining({ msg: "a process has ended by accident", signal: "SIGKILL" }));
    command.process.kill("SIGTERM");
    expect(await command.ended, command.err).toBe(0);
    for (const pid of pids) expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
  });

  it("reloads one after the other on SIGHUP, and answers meanwhile", async () => {
    const command = started([served, "--processes", "2"]);
    const before = await allAnswering(2);
    command.process.kill("SIGHUP");
    let answers = 0;
    await eventually(async () => {
      await answering();
      answers += 1;
      expect(command.log).toContainEqual(expect.objectContaining({ msg: "all processes are reloaded" }));
    });
    expect(answers).toBeGreaterThan(0);
    await allAnswering(2, before);
    command.process.kill("SIGTERM");
    expect(await command.ended, command.err).toBe(0);
  });

  it("drains the processes when the supervisor is killed", async () => {
    const command = started([served, "--processes", "2"]);
    const pids = await allAnswering(2);
    command.process.kill("SIGKILL");
    await eventually(() => {
      for (const pid of pids) expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
    });
  });

  it("gives up at once on a module that nobody can run", async () => {
    const command = started(["support/patience.ts", "--processes", "2"]);
    expect(await command.ended, command.err).toBe(2);
    expect(command.err).toContain("exports no worker");
  });
});
