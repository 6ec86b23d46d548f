// oxlint-disable max-lines -- one table of the guide, one test per row
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chain, ChordError, chord, group, map, silentLogger, TaskError, type Failure, type LigatureError } from "ligature";
import { describe, expect, it } from "vitest";
import { deadLetterQueue, type Delivery } from "../../src/dist/broker/index.js";
import type { Message } from "../../src/dist/protocol/index.js";
import { combinations, startLabOn } from "../support/combinations.ts";
import { labHandlers, onQueue, type LabOptions, type LabSystem } from "../support/lab.ts";
import { patience } from "../support/patience.ts";
import { openBroker } from "../support/open.ts";

const soon = { timeout: patience };

/** Something that was sent, whatever its result. */
interface Sent {
  settle(options: typeof soon): Promise<{ readonly ok: boolean; readonly error?: unknown }>;
}

/** How a result failed; a test that awaits a failure fails with a success. */
async function errorOf(sent: Sent): Promise<LigatureError> {
  const outcome = await sent.settle(soon);
  expect(outcome.ok).toBe(false);
  return outcome.error as LigatureError;
}

async function chordErrorOf(sent: Sent): Promise<ChordError> {
  const error = await errorOf(sent);
  expect(error).toBeInstanceOf(ChordError);
  return error as ChordError;
}

/** Exactly one error callback of that key has come, and all that was sent before this has been worked off. */
async function onlyFailure(system: LabSystem, key: string): Promise<Failure> {
  const failure = await system.journal.entry<Failure>(key);
  await worked(system);
  expect(system.journal.all(key)).toHaveLength(1);
  return failure;
}

/** Requests are handed out in order, so those that were in the queue have been when these are answered. */
async function worked({ remote }: LabSystem): Promise<void> {
  for (let round = 0; round < 3; round += 1) expect(await remote.add(round, 1)).toBe(round + 1);
}

async function never(system: LabSystem, ...keys: readonly string[]): Promise<void> {
  await worked(system);
  for (const key of keys) expect(system.journal.all(key), key).toEqual([]);
}

interface Case {
  readonly options?: LabOptions;
  readonly run: (system: LabSystem) => Promise<void>;
}

const past = (): Date => new Date(Date.now() - 1000);

/** By the row's name in docs/guides/error-flow.md. */
const cases: Readonly<Record<string, Case>> = {
  "the first step of a chain fails": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.explode.si("first"), lab.double.s(), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ name: "TypeError", message: "first" });
      for (let step = result.parent; step !== undefined; step = step.parent) {
        expect(await errorOf(step as Sent)).toMatchObject({ name: "TypeError", message: "first" });
      }
      expect((await onlyFailure(system, "failed")).request.task).toBe("lab.explode");
      await never(system, "never");
    },
  },
  "a step in the middle of a chain fails": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.add.si(1, 2), lab.explode.si("middle"), lab.double.s(), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ name: "TypeError", message: "middle" });
      expect(await errorOf(result.parent as Sent)).toMatchObject({ message: "middle" });
      const first = result.parent?.parent?.parent;
      expect(await first?.get(soon)).toBe(3);
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "the last step of a chain fails": {
    async run(system) {
      const { lab, app } = system;
      const result = await app.send(chain(lab.add.si(1, 2), lab.explode.si("last")).linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ name: "TypeError", message: "last" });
      expect(await result.parent?.get(soon)).toBe(3);
      await onlyFailure(system, "failed");
    },
  },
  "a step of a chain fails with a declared error": {
    async run(system) {
      const { lab, app } = system;
      const result = await app.send(chain(lab.order.si("pen"), lab.double.s()).linkError(lab.recordFailure.si("failed")));
      const error = await errorOf(result);
      expect(error).toBeInstanceOf(lab.errors.OutOfStock);
      expect(error).toMatchObject({ data: { item: "pen", since: new Date("2026-01-02T03:04:05Z") } });
      expect((await onlyFailure(system, "failed")).error).toMatchObject({ name: "OutOfStock", data: { item: "pen" } });
    },
  },
  "a step of a chain is retried, and succeeds": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.flaky.si("retried", 2), lab.double.s());
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await result.get(soon)).toBe(4);
      await never(system, "failed");
    },
  },
  "a step of a chain runs out of retries": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.flaky.si("exhausted", 99), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ message: "failure 4" });
      expect((await onlyFailure(system, "failed")).request.retries).toBe(3);
      await never(system, "never");
    },
  },
  "a chain is revoked": {
    async run(system) {
      const { lab, app, journal } = system;
      const steps = chain(lab.wait.si("revoked"), lab.add.si(1, 2), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      await journal.entry("wait:revoked");
      await result.revoke();
      // A command and a request take different ways; one more command that has an effect says that both have arrived.
      const marker = await system.remote.wait.delay("marker");
      await journal.entry("wait:marker");
      await marker.revoke({ terminate: true });
      expect(await errorOf(marker)).toMatchObject({ code: "REVOKED" });
      journal.give("revoked:1", "finish");
      expect(await errorOf(result)).toMatchObject({ code: "REVOKED" });
      expect(await errorOf(result.parent as Sent)).toMatchObject({ code: "REVOKED" });
      expect(await result.parent?.parent?.get(soon)).toBe("finished after 0");
      await never(system, "never", "failed");
    },
  },
  "a step of a chain has expired": {
    async run(system) {
      const { lab, app } = system;
      const late = lab.double.s().set({ expires: past() });
      const result = await app.send(
        chain(lab.add.si(1, 2), late, lab.record.s("never")).linkError(lab.recordFailure.si("failed")),
      );
      expect(await errorOf(result)).toMatchObject({ code: "EXPIRED" });
      await never(system, "never", "failed");
    },
  },
  "a step of a chain gets what doesn't fit": {
    async run(system) {
      const { lab, app } = system;
      // A string where a number is needed: what another version of a contract could do.
      const pear = lab.describe.si(1, "pear") as unknown as ReturnType<typeof lab.add.si>;
      const wrong = chain(pear, lab.double.s(), lab.record.s("never"));
      const result = await app.send(wrong.linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ code: "INVALID_ARGUMENTS" });
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "a success callback fails": {
    async run(system) {
      const { lab, app } = system;
      const callback = lab.explode.si("callback").linkError(lab.recordFailure.si("of the callback"));
      const result = await app.send(lab.add.si(1, 2).link(callback).linkError(lab.recordFailure.si("of the task")));
      expect(await result.get(soon)).toBe(3);
      await onlyFailure(system, "of the callback");
      await never(system, "of the task");
    },
  },
  "a member of a group fails": {
    async run(system) {
      const { lab, app } = system;
      const result = await app.send(group(lab.add.si(1, 2), lab.explode.si("member")));
      const [first, second] = await result.settle(soon);
      expect(first).toEqual({ ok: true, value: 3 });
      expect(second).toMatchObject({ ok: false, error: { name: "TypeError", message: "member" } });
      await expect(result.get(soon)).rejects.toMatchObject({ name: "ChordError", member: { index: 1 } });
    },
  },
  "an error callback on a group": {
    async run(system) {
      const { lab, app } = system;
      const failing = group(lab.explode.si("one"), lab.add.si(1, 2), lab.explode.si("two"));
      await (await app.send(failing.linkError(lab.recordFailure.si("failed")))).settle(soon);
      await system.journal.entry("failed", 1);
      await worked(system);
      const failures = system.journal.all("failed") as readonly Failure[];
      expect(failures.map(({ error }) => error.message).toSorted()).toEqual(["one", "two"]);
    },
  },
  "a member of a header fails": {
    async run(system) {
      const { lab, app, journal } = system;
      const result = await app.send(chord([lab.wait.si("slow"), lab.explode.si("member")], lab.gather.s("never")));
      await journal.entry("wait:slow");
      // At once: the other member still runs.
      const error = await chordErrorOf(result);
      expect(error.message).toMatch(/^Member 2( of 2)? of the chord, lab\.explode\[\S+\], failed with TypeError: member$/);
      expect(error.member).toMatchObject({ index: 1, task: "lab.explode" });
      expect(error.cause).toBeInstanceOf(TaskError);
      expect(error.cause).toMatchObject({ name: "TypeError", message: "member" });
      const header = result.parent;
      if (header === undefined || !("results" in header)) throw new Error("A chord's parent is its header.");
      expect(error.member.id).toBe(header.results[1]?.id);
      expect(await errorOf(header.results[1] as Sent)).toMatchObject({ name: "TypeError" });
      journal.give("slow:1", "finish");
      expect(await header.results[0]?.get(soon)).toBe("finished after 0");
      await never(system, "never");
    },
  },
  "a member of a header fails with a declared error": {
    async run(system) {
      const { lab, app } = system;
      const result = await app.send(chord([lab.add.si(1, 2), lab.order.si("ink")], lab.sum.s()));
      const { cause } = await chordErrorOf(result);
      expect(cause).toBeInstanceOf(lab.errors.OutOfStock);
      expect(cause).toMatchObject({ data: { item: "ink" } });
    },
  },
  "several members of a header fail": {
    async run(system) {
      const { lab, app } = system;
      const header = Array.from({ length: 20 }, (_, index) => lab.explode.si(`member ${index}`));
      const result = await app.send(chord(header, lab.gather.s("never")).linkError(lab.recordFailure.si("failed")));
      const { member } = await chordErrorOf(result);
      const { error } = await onlyFailure(system, "failed");
      expect(error.member?.id).toBe(member.id);
      await never(system, "never");
    },
  },
  "a chain in a header fails": {
    async run(system) {
      const { lab, app } = system;
      const failing = chain(lab.add.si(1, 2), lab.explode.si("in the chain"), lab.double.s());
      const result = await app.send(chord([lab.add.si(1, 2), failing], lab.gather.s("never")));
      const error = await chordErrorOf(result);
      expect(error.member).toMatchObject({ index: 1, task: "lab.explode" });
      expect(error.cause).toMatchObject({ message: "in the chain" });
      await never(system, "never");
    },
  },
  "a member of a header is retried, and succeeds": {
    async run(system) {
      const { lab, app } = system;
      const body = lab.sum.s().linkError(lab.recordFailure.si("failed"));
      const result = await app.send(chord([lab.flaky.si("header", 3), lab.add.si(1, 2)], body));
      expect(await result.get(soon)).toBe(6);
      await never(system, "failed");
    },
  },
  "a member of a header runs out of retries": {
    async run(system) {
      const { lab, app } = system;
      const result = await app.send(chord([lab.add.si(1, 2), lab.flaky.si("header gives up", 99)], lab.sum.s()));
      const error = await chordErrorOf(result);
      expect(error.member).toMatchObject({ index: 1, task: "lab.flaky" });
      expect(error.cause).toMatchObject({ message: "failure 4" });
    },
  },
  "a member of a header is revoked": {
    async run(system) {
      const { lab, app, journal } = system;
      const body = lab.gather.s("never").linkError(lab.recordFailure.si("failed"));
      const result = await app.send(chord([lab.add.si(1, 2), lab.wait.si("to be revoked")], body));
      await journal.entry("wait:to be revoked");
      const header = result.parent;
      if (header === undefined || !("results" in header)) throw new Error("A chord's parent is its header.");
      await header.results[1]?.revoke({ terminate: true });
      const error = await chordErrorOf(result);
      expect(error.member).toMatchObject({ index: 1, task: "lab.wait" });
      expect(error.cause).toMatchObject({ code: "REVOKED" });
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "a member of a header has expired": {
    async run(system) {
      const { lab, app } = system;
      const body = lab.gather.s("never").linkError(lab.recordFailure.si("failed"));
      const result = await app.send(chord([lab.add.si(1, 2), lab.add.si(3, 4).set({ expires: past() })], body));
      expect((await chordErrorOf(result)).cause).toMatchObject({ code: "EXPIRED" });
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "a member of a header gets what doesn't fit": {
    async run(system) {
      const { lab, app } = system;
      const pear = lab.describe.si(1, "pear") as unknown as ReturnType<typeof lab.add.si>;
      const wrong = chain(pear, lab.double.s());
      const result = await app.send(chord([lab.add.si(1, 2), wrong], lab.gather.s("never")));
      const error = await chordErrorOf(result);
      expect(error.member).toMatchObject({ index: 1, task: "lab.double" });
      expect(error.cause).toMatchObject({ code: "INVALID_ARGUMENTS" });
      await never(system, "never");
    },
  },
  "an error callback on a member of a header": {
    async run(system) {
      const { lab, app } = system;
      const member = lab.explode.si("member").linkError(lab.recordFailure.si("of the member"));
      const other = lab.add.si(1, 2).linkError(lab.recordFailure.si("of the other"));
      const body = lab.sum.s().linkError(lab.recordFailure.si("of the body"));
      const result = await app.send(chord([other, member], body));
      await chordErrorOf(result);
      expect((await onlyFailure(system, "of the member")).error).toMatchObject({ name: "TypeError", message: "member" });
      await onlyFailure(system, "of the body");
      await never(system, "of the other");
    },
  },
  "an error callback on a chord": {
    async run(system) {
      const { lab, app } = system;
      const failing = chord([lab.add.si(1, 2), lab.order.si("ink")], lab.sum.s());
      const result = await app.send(failing.linkError(lab.recordFailure.si("failed")));
      await chordErrorOf(result);
      const { request, error } = await onlyFailure(system, "failed");
      expect(request).toMatchObject({ id: result.id, task: "lab.sum" });
      expect(error).toMatchObject({
        name: "ChordError",
        member: { index: 1, task: "lab.order", error: { name: "OutOfStock", data: { item: "ink" } } },
      });
    },
  },
  "an error callback on a chord's body": {
    async run(system) {
      const { lab, app } = system;
      const body = lab.sum.s().linkError(lab.recordFailure.si("failed"));
      const result = await app.send(chord([lab.explode.si("member"), lab.add.si(1, 2)], body));
      await chordErrorOf(result);
      const { request, error } = await onlyFailure(system, "failed");
      expect(request).toMatchObject({ id: result.id, task: "lab.sum" });
      expect(error).toMatchObject({
        name: "ChordError",
        member: { index: 0, task: "lab.explode", error: { message: "member" } },
      });
    },
  },
  "the body of a chord fails": {
    async run(system) {
      const { lab, app } = system;
      const failing = chord([lab.add.si(1, 2)], lab.explode.si("body")).linkError(lab.recordFailure.si("failed"));
      const result = await app.send(failing);
      expect(await errorOf(result)).toMatchObject({ name: "TypeError", message: "body" });
      expect((await onlyFailure(system, "failed")).error).toMatchObject({ name: "TypeError", message: "body" });
    },
  },
  "a step of a chord's body fails": {
    async run(system) {
      const { lab, app } = system;
      const body = chain(lab.sum.s(), lab.explode.si("second step"), lab.record.s("never"));
      const result = await app.send(chord([lab.add.si(1, 2)], body).linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ name: "TypeError", message: "second step" });
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "a chord fails whose body is a chain": {
    async run(system) {
      const { lab, app } = system;
      const body = chain(lab.sum.s(), lab.double.s(), lab.record.s("never"));
      const result = await app.send(chord([lab.explode.si("member")], body).linkError(lab.recordFailure.si("failed")));
      await chordErrorOf(result);
      await chordErrorOf(result.parent as Sent);
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "a chord in a header fails": {
    async run(system) {
      const { lab, app } = system;
      const inner = chord([lab.add.si(1, 2), lab.explode.si("inner")], lab.sum.s()).linkError(
        lab.recordFailure.si("of the inner"),
      );
      const outer = chord([lab.add.si(1, 2), inner], lab.gather.s("never")).linkError(lab.recordFailure.si("of the outer"));
      const result = await app.send(outer);
      const error = await chordErrorOf(result);
      expect(error.member).toMatchObject({ index: 1 });
      expect(error.cause).toBeInstanceOf(ChordError);
      expect(error.message).toContain("inner");
      await onlyFailure(system, "of the inner");
      await onlyFailure(system, "of the outer");
      await never(system, "never");
    },
  },
  "a chord in a chain fails": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.add.si(1, 2), group(lab.double.s(), lab.explode.si("member")), lab.sum.s(), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      const error = await chordErrorOf(result);
      expect(error.member).toMatchObject({ index: 1, task: "lab.explode" });
      expect((await onlyFailure(system, "failed")).error.name).toBe("ChordError");
      await never(system, "never");
    },
  },
  "a step before a chord fails": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.explode.si("before"), chord([lab.double.s(), lab.double.s()], lab.sum.s()), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ name: "TypeError", message: "before" });
      const header = result.parent?.parent;
      if (header === undefined || !("results" in header)) throw new Error("A chord's parent is its header.");
      for (const member of header.results) expect(await errorOf(member as Sent)).toMatchObject({ message: "before" });
      await onlyFailure(system, "failed");
      await never(system, "never");
    },
  },
  "a chord is revoked": {
    options: { worker: { concurrency: 2 } },
    async run(system) {
      const { lab, app, journal } = system;
      const header = [lab.wait.si("running"), lab.add.si(1, 2).set({ countdown: "1h" })];
      const result = await app.send(chord(header, lab.gather.s("never")));
      await journal.entry("wait:running");
      await result.revoke({ terminate: true });
      expect((await chordErrorOf(result)).cause).toMatchObject({ code: "REVOKED" });
      await never(system, "never");
    },
  },
  "an item of a map fails": {
    async run(system) {
      const { lab, app } = system;
      const result = await app.send(map(lab.order, ["pen", "ink"]).linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ name: "OutOfStock", data: { item: "pen" } });
      await onlyFailure(system, "failed");
    },
  },
  "an error callback is a chain": {
    async run(system) {
      const { lab, app, journal } = system;
      const callback = chain(lab.recordFailure.si("first"), lab.add.si(1, 2), lab.record.s("last"));
      await app.send(lab.explode.si("task").linkError(callback));
      expect((await onlyFailure(system, "first")).error.message).toBe("task");
      expect(await journal.entry("last")).toMatchObject({ value: 3 });
    },
  },
  "an error callback is a group": {
    async run(system) {
      const { lab, app } = system;
      await app.send(lab.explode.si("task").linkError(group(lab.recordFailure.si("one"), lab.recordFailure.si("two"))));
      expect((await onlyFailure(system, "one")).error.message).toBe("task");
      expect((await onlyFailure(system, "two")).error.message).toBe("task");
    },
  },
  "an error callback is a chord": {
    async run(system) {
      const { lab, app, journal } = system;
      const callback = chord([lab.recordFailure.si("member"), lab.add.si(1, 2)], lab.gather.s("body"));
      const failing = chord([lab.explode.si("task")], lab.sum.s()).linkError(callback);
      await app.send(failing);
      expect((await onlyFailure(system, "member")).error.name).toBe("ChordError");
      expect(await journal.entry("body")).toMatchObject({ values: [null, 3] });
    },
  },
  "an error callback fails": {
    async run(system) {
      const { lab, app } = system;
      const callback = lab.explode.si("callback").linkError(lab.recordFailure.si("of the callback"));
      const result = await app.send(lab.explode.si("task").linkError(callback));
      expect(await errorOf(result)).toMatchObject({ message: "task" });
      expect((await onlyFailure(system, "of the callback")).error.message).toBe("callback");
    },
  },
  "a step of a chain can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.add.si(1, 2), lab.double.s().set(nowhere(system)), lab.record.s("never"));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await errorOf(result)).toMatchObject({ code: "UNROUTABLE" });
      expect(await errorOf(result.parent as Sent)).toMatchObject({ code: "UNROUTABLE" });
      expect(await result.parent?.parent?.get(soon)).toBe(3);
      const failure = await onlyFailure(system, "failed");
      expect(failure).toMatchObject({ request: { task: "lab.double" }, error: { name: "LigatureError" } });
      expect(failure.error.message).toContain(`${system.queue}-nowhere`);
      const dead = await deadLetter(system);
      expect(dead.headers).toMatchObject({ task: "lab.double" });
      expect(dead.headers["ligature-undeliverable"]).toContain(`${system.queue}-nowhere`);
      await never(system, "never");
    },
  },
  "a delayed step of a chain can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const late = lab.double.s().set({ ...nowhere(system), countdown: "1h" });
      const result = await app.send(chain(lab.add.si(1, 2), late, lab.record.s("never")));
      expect(await errorOf(result)).toMatchObject({ code: "UNROUTABLE" });
      expect((await deadLetter(system)).headers).toMatchObject({ task: "lab.double" });
    },
  },
  "the queue of a step is being declared again": {
    async run(system) {
      const { lab, app } = system;
      const steps = chain(lab.add.si(1, 2), lab.double.s().set(nowhere(system)));
      const result = await app.send(steps.linkError(lab.recordFailure.si("failed")));
      expect(await result.parent?.get(soon)).toBe(3);
      const back = onQueue(lab, nowhere(system).queue);
      const { journal } = system;
      await system
        .newApp(system.backend === undefined ? {} : { backend: system.backend })
        .worker(
          back,
          labHandlers(journal, () => system.remote),
        )
        .start();
      expect(await result.get(soon)).toBe(6);
      await never(system, "failed");
    },
  },
  "a success callback can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const callback = lab.double.s().set(nowhere(system)).linkError(lab.recordFailure.si("of the callback"));
      const task = lab.add.si(1, 2).link(callback).link(lab.record.s("other"));
      const result = await app.send(task.linkError(lab.recordFailure.si("of the task")));
      expect(await result.get(soon)).toBe(3);
      expect(await system.journal.entry("other")).toMatchObject({ value: 3 });
      expect((await onlyFailure(system, "of the callback")).request.task).toBe("lab.double");
      expect((await deadLetter(system)).headers).toMatchObject({ task: "lab.double" });
      await never(system, "of the task");
    },
  },
  "an error callback can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const lost = lab.recordFailure.si("lost").set(nowhere(system)).linkError(lab.recordFailure.si("of the callback"));
      const result = await app.send(lab.explode.si("task").linkError(lost).linkError(lab.recordFailure.si("other")));
      expect(await errorOf(result)).toMatchObject({ message: "task" });
      expect((await onlyFailure(system, "other")).error.message).toBe("task");
      expect((await onlyFailure(system, "of the callback")).request.task).toBe("lab.recordFailure");
      expect((await deadLetter(system)).headers).toMatchObject({ task: "lab.recordFailure" });
    },
  },
  "a member of a header can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const header = [lab.double.s(), lab.double.s().set(nowhere(system))] as const;
      const joined = chord(header, lab.gather.s("never")).linkError(lab.recordFailure.si("failed"));
      const result = await app.send(chain(lab.add.si(1, 2), joined));
      expect((await chordErrorOf(result)).cause).toMatchObject({ code: "UNROUTABLE" });
      expect((await onlyFailure(system, "failed")).error.member).toMatchObject({ index: 1, task: "lab.double" });
      expect((await deadLetter(system)).headers).toMatchObject({ task: "lab.double" });
      await never(system, "never");
    },
  },
  "the body of a chord can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const body = lab.sum.s().set(nowhere(system));
      const joined = chord([lab.add.si(1, 2), lab.add.si(3, 4)], body).linkError(lab.recordFailure.si("failed"));
      const result = await app.send(chain(joined, lab.record.s("never")));
      expect(await errorOf(result)).toMatchObject({ code: "UNROUTABLE" });
      expect(await errorOf(result.parent as Sent)).toMatchObject({ code: "UNROUTABLE" });
      expect((await onlyFailure(system, "failed")).request.task).toBe("lab.sum");
      expect((await deadLetter(system)).headers).toMatchObject({ task: "lab.sum" });
      await never(system, "never");
    },
  },
  "the body of a chord in a header can't be delivered": {
    async run(system) {
      const { lab, app } = system;
      const inner = chord([lab.add.si(1, 2)], lab.sum.s().set(nowhere(system)));
      const result = await app.send(chord([inner, lab.add.si(3, 4)], lab.gather.s("never")));
      expect((await chordErrorOf(result)).cause).toMatchObject({ code: "UNROUTABLE" });
      await never(system, "never");
    },
  },
};

/** A queue that nobody has declared. */
function nowhere({ queue }: LabSystem): { readonly queue: string } {
  return { queue: `${queue}-nowhere` };
}

/** What is first in the dead-letter queue of the worker. */
async function deadLetter({ broker: url, queue }: LabSystem): Promise<Message> {
  const broker = openBroker(url, {
    name: "dead letters",
    log: silentLogger,
    publishTimeout: patience,
    maxPayload: 1_000_000,
    maxUnconfirmed: 10,
  });
  try {
    return await new Promise<Message>((resolve, reject) => {
      const onDelivery = (delivery: Delivery): void => {
        delivery.ack();
        resolve(delivery.message);
      };
      broker.consume(deadLetterQueue(queue), { prefetch: 1 }, onDelivery).catch(reject);
    });
  } finally {
    await broker.close();
  }
}

describe.each(combinations)("error flow on $name", (combination) => {
  it.each(Object.entries(cases))("%s", async (_name, { options, run }) => {
    await using system = await startLabOn(combination, options ?? {});
    await run(system);
  });
});

it("each row of the table in docs/guides/error-flow.md has its test, and each test its row", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/guides/error-flow.md"), "utf8");
  const rows = page.split("\n").flatMap((line) => {
    const name = /^\| ([^|]+) \|/.exec(line)?.[1]?.trim();
    return name === undefined || name === "When" || /^[-: ]+$/.test(name) ? [] : [name];
  });
  expect(rows).toEqual(Object.keys(cases));
});
