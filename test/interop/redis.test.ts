import { randomUUID } from "node:crypto";
import { legacy } from "@ligature/legacy";
import { chord, ChordError, group, TaskError } from "ligature";
import { beforeAll, describe, expect, it } from "vitest";
import { backendBench } from "../support/backend-bench.ts";
import { amqpUrl, redisUrl } from "../support/brokers.ts";
import { celeryClient, celeryVersion, startCeleryWorker, type CeleryWorker } from "../support/celery.ts";
import { onQueue, startLab, type LabSystem } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { rawRedis } from "../support/raw-redis.ts";

/** Both sides keep results in one Redis. */
const program = (): { backend: string } => ({ backend: redisUrl() });

beforeAll(async () => {
  console.log(`Celery ${await celeryVersion()}`);
});

interface Both extends AsyncDisposable {
  readonly system: LabSystem;
  readonly python: typeof legacy;
  readonly worker: CeleryWorker;
  /** Runs a command of legacy.py, which knows the TypeScript worker's queue. */
  command(name: string, given?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

/** A TypeScript worker and a Celery worker, each with a queue of its own. */
async function startBoth(): Promise<Both> {
  const system = await startLab(amqpUrl(), { app: { backend: redisUrl() }, server: { backend: redisUrl() } });
  const queue = `legacy-${randomUUID()}`;
  const worker = await startCeleryWorker(queue, program());
  return {
    system,
    python: onQueue(legacy, queue),
    worker,
    command: (name, given = {}) => celeryClient(queue, name, { queue: system.queue, ...given }, program()),
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await system[Symbol.asyncDispose]();
    },
  };
}

describe("results in Redis", () => {
  it("of TypeScript tasks are read by Celery: success, failure, declared error, revocation, progress", async () => {
    await using both = await startBoth();
    const { system, command } = both;
    const remote = system.app.remote(system.lab);

    const added = await remote.add.delay(2, 3);
    expect(await added.get({ timeout: patience })).toBe(5);
    expect(await command("read", { id: added.id })).toEqual({ value: 5, state: "SUCCESS" });

    const failed = await remote.explode.delay("no");
    await failed.settle({ timeout: patience });
    expect(await command("read", { id: failed.id })).toEqual({
      error: "TypeError",
      message: expect.stringContaining("no"),
      state: "FAILURE",
    });

    const declared = await remote.order.delay("pen");
    await declared.settle({ timeout: patience });
    expect(await command("read", { id: declared.id })).toMatchObject({ error: "OutOfStock", state: "FAILURE" });

    const key = randomUUID();
    const waiting = await remote.wait.delay(key);
    await system.journal.entry(`wait:${key}`);
    system.journal.give(`${key}:1`, "continue");
    for await (const report of waiting.progress()) {
      expect(report).toEqual({ step: 1 });
      break;
    }
    expect(await command("state", { id: waiting.id })).toEqual({ state: "PROGRESS", info: { step: 1 } });
    await waiting.revoke({ terminate: true });
    expect(await waiting.settle({ timeout: patience })).toMatchObject({ ok: false, error: { code: "REVOKED" } });
    expect(await command("read", { id: waiting.id })).toMatchObject({ error: "TaskRevokedError", state: "REVOKED" });
  });

  it("of Celery's tasks are read by TypeScript, also of those that Celery sent", async () => {
    await using both = await startBoth();
    const { system, python, command } = both;
    const remote = system.app.remote(python);
    expect(await remote.add(2, 3)).toBe(5);
    expect(await remote.tomorrow(new Date("2026-01-01T10:00:00Z"))).toEqual(new Date("2026-01-02T10:00:00Z"));
    const error = await remote.fail("bad value").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ name: "ValueError", message: "bad value", module: "builtins" });
    expect((error as TaskError).remoteStack).toContain("Traceback");

    const { id } = await command("send", { task: "legacy.add", args: [20, 22] });
    const json = await (await remote.add.delay(0, 0)).keep();
    expect(await system.app.attach(python.add, { ...json, id }).get({ timeout: patience })).toBe(42);
  });

  describe("of a group", () => {
    const bench = backendBench({ url: redisUrl, broker: () => "memory://" });

    it("are found by Celery under the group's id, when it was saved, and the other way round", async () => {
      await using both = await startBoth();
      const { system, python, command } = both;
      const { backend } = bench.open();
      const results = await system.app.send(group(system.lab.add.si(1, 2), python.add.si(10, 20)));
      expect(await results.get({ timeout: patience })).toEqual([3, 30]);
      const members = results.results.map(({ id }) => [[id, null], null]);
      await backend.saveGroup?.(results.id, members);
      expect(await command("read_group", { id: results.id })).toEqual({ value: [3, 30] });
      // Both have written the same keys, and Ligature one of its own.
      const [ours, theirs] = [
        await command("meta", { id: results.results[0].id }),
        await command("meta", { id: results.results[1].id }),
      ];
      expect(
        Object.keys(ours)
          .filter((key) => key !== "ligature")
          .toSorted(),
      ).toEqual(Object.keys(theirs).toSorted());
      expect(ours).toMatchObject({ status: "SUCCESS", result: 3, group_id: results.id, traceback: null, children: [] });
      expect(theirs).toMatchObject({ status: "SUCCESS", result: 30, group_id: results.id, traceback: null, children: [] });
      await backend.forget?.(results.id);
      expect(await backend.restoreGroup?.(results.id)).toBeUndefined();

      const saved = await command("save_group");
      expect(await backend.restoreGroup?.(saved["id"] as string)).toEqual(saved["members"]);
    });
  });
});

describe("chords that Celery starts", () => {
  it.each([
    { header: ["ts", "python", "ts"], body: "python", value: 36 },
    { header: ["python", "ts", "python"], body: "ts", value: 63 },
    { header: ["ts", "ts"], body: "ts", value: 6 },
    { header: ["ts"], body: "python", value: 3 },
  ])(
    "of $header, with a body in $body",
    async ({ value, ...given }) => {
      await using both = await startBoth();
      await using raw = rawRedis(redisUrl());
      for (let round = 0; round < 3; round += 1) {
        const outcome = await both.command("chord", given);
        expect(outcome).toMatchObject({ value, state: "SUCCESS" });
        const left = `celery-taskset-meta-${String(outcome["group"])}.*`;
        await expect.poll(() => raw.run((redis) => redis.keys(left))).toEqual([]);
      }
    },
    60_000,
  );

  it.each([
    { header: ["python", "ts fails", "ts"], body: "python" },
    { header: ["ts", "python", "ts fails"], body: "ts" },
    { header: ["python fails", "ts"], body: "ts" },
    { header: ["ts", "python fails"], body: "python" },
  ])(
    "of $header, with a body in $body",
    async (given) => {
      await using both = await startBoth();
      const key = randomUUID();
      const outcome = await both.command("chord", { ...given, key });
      expect(outcome).toMatchObject({ state: "FAILURE", error: "ChordError" });
      expect(outcome["message"]).toMatch(
        /^(Dependency [0-9a-f-]{36} raised|Member \d( of \d)? of the chord, \S+\[[0-9a-f-]{36}\], failed with) .*in (ts|python)/,
      );
      // The body's error callback.
      await both.system.journal.entry(key);
    },
    60_000,
  );

  it("with groups in the header, which Celery 5.2 flattens, and keeps in no order", async () => {
    await using both = await startBoth();
    const key = randomUUID();
    const outcome = await both.command("chord", { header: ["ts", "group", "python"], body: "nested", key });
    expect(outcome).toMatchObject({ state: "SUCCESS" });
    expect((outcome["value"] as number[]).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 30]);
  });
});

describe("chords that TypeScript starts", () => {
  it("with members and body in both languages", async () => {
    await using both = await startBoth();
    const { lab, app } = both.system;
    const { python } = both;
    const header = [lab.add.si(1, 2), python.add.si(10, 20), lab.add.si(3, 4), python.add.si(30, 40)];
    const [inPython, inTypeScript] = [
      await app.send(chord(header, python.total.s())),
      await app.send(chord(header, lab.sum.s())),
    ];
    expect(await inPython.get({ timeout: patience })).toBe(110);
    expect(await inTypeScript.get({ timeout: patience })).toBe(110);
  });

  it.each(["ts", "python"])(
    "with a member that fails in %s",
    async (side) => {
      await using both = await startBoth();
      const { lab, app } = both.system;
      const { python } = both;
      const key = randomUUID();
      const failing = side === "ts" ? lab.explode.si("in ts") : python.fail.si("in python");
      const header = [lab.add.si(1, 2), failing, python.add.si(10, 20)];
      const result = await app.send(chord(header, python.total.s().linkError(lab.recordFailure.si(key))));
      const outcome = await result.settle({ timeout: patience });
      expect(outcome).toMatchObject({ ok: false, error: { name: "ChordError", message: expect.stringContaining(`in ${side}`) } });
      if (!outcome.ok && side === "ts") expect(outcome.error).toBeInstanceOf(ChordError);
      await both.system.journal.entry(key);
    },
    60_000,
  );
});
