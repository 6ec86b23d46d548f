import { legacy } from "@ligature/legacy";
import { chain, chord, group, LigatureError, type App, type ImmutableSignature } from "ligature";
import { describe, expect, it } from "vitest";
import { brokers } from "../support/brokers.ts";
import { combinations, startLabOn } from "../support/combinations.ts";
import { startLab } from "../support/lab.ts";
import { patience } from "../support/patience.ts";

const soon = { timeout: patience };

async function refusal(app: App, signature: ImmutableSignature<unknown>): Promise<unknown> {
  return app.send(signature).then(
    () => expect.unreachable("it was sent"),
    (error: unknown) => error,
  );
}

describe.each(combinations)("sending on $name", (combination) => {
  it("takes a group of 5,000, within the limits that an app has by default", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const sent = await app.send(group(Array.from({ length: 5000 }, (_, index) => lab.add.si(index, 1))));
    const results = await sent.get({ timeout: patience });
    expect(results).toHaveLength(5000);
    expect(results.every((result, index) => result === index + 1)).toBe(true);
  });

  it("checks the arguments of everything inside before anything is sent", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, journal, remote } = system;
    const wrong = lab.add.si("x" as never, 1);
    const fine = lab.record.si(1, "ran");
    for (const signature of [
      group(fine, wrong),
      chord([fine], chain(lab.gather.s("body"), lab.add.si(1, 1), lab.record.s(5 as never))),
      chord([fine, chain(lab.add.si(1, 2), lab.describe.s(7 as never))], lab.gather.s("body")),
      group(fine, lab.add.si(1, 2).link(group(lab.record.s(5 as never), lab.double.s()))),
    ]) {
      expect(await refusal(app, signature)).toMatchObject({ code: "INVALID_ARGUMENTS" });
    }
    // Whatever had been sent would have come before this.
    expect(await remote.add(1, 2)).toBe(3);
    expect(journal.all("ran")).toEqual([]);
  });

  it("refuses what would await more results than maxPending, before anything is sent", async () => {
    await using system = await startLabOn(combination, { app: { maxPending: 10 } });
    const { lab, app, journal, remote } = system;
    const error = await refusal(app, group(Array.from({ length: 11 }, () => lab.record.si(1, "ran"))));
    expect(error).toMatchObject({ code: "NOT_SENT" });
    expect((error as Error).message).toMatch(
      /0 results are pending already, and this would await 11 more; option maxPending allows 10/,
    );
    expect(await remote.add(1, 2)).toBe(3);
    expect(journal.all("ran")).toEqual([]);
    // And there is room for what fits.
    expect(await (await app.send(group(Array.from({ length: 10 }, () => lab.add.si(1, 1))))).get(soon)).toHaveLength(10);
  });

  it("keeps a large group within a small maxUnconfirmed", async () => {
    await using system = await startLabOn(combination, { app: { maxUnconfirmed: 4 } });
    const { lab, app } = system;
    const sent = await app.send(group(Array.from({ length: 100 }, (_, index) => lab.double.si(index))));
    expect((await sent.get(soon)).at(-1)).toBe(198);
  });

  it("calls off what was sent when the rest can't be", async () => {
    await using system = await startLabOn(combination, { worker: { concurrency: 1, prefetch: 10 } });
    const { lab, app, journal, remote } = system;
    const blocking = await remote.wait.delay("blocks");
    await journal.entry("wait:blocks");
    const nowhere = lab.add.si(1, 2).set({ queue: "nobody-declared-this" });
    for (const signature of [
      group([lab.record.si(1, "member"), nowhere]),
      chord([lab.record.si(1, "header"), nowhere], lab.gather.s("body")),
    ]) {
      const error = await refusal(app, signature);
      expect(error).toBeInstanceOf(LigatureError);
      expect(error).toMatchObject({ code: "PARTLY_SENT", cause: { code: "UNROUTABLE" }, details: { sent: 1, of: 2 } });
      expect((error as Error).message).toMatch(/^\[PARTLY_SENT\] Only 1 of 2 tasks were sent \(message 2 of 2, lab\.add\)/);
    }
    await blocking.revoke({ terminate: true });
    await expect(blocking.get(soon)).rejects.toMatchObject({ code: "REVOKED" });
    expect(await remote.add(1, 2)).toBe(3);
    expect([journal.all("member"), journal.all("header"), journal.all("body")]).toEqual([[], [], []]);
  });

  it("sends the body of a chord without members at once, with an empty list", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const sent = await app.send(chord([], lab.sum.s()));
    expect(await sent.get(soon)).toBe(0);
  });

  it("belongs to the request that it is sent from", async () => {
    await using system = await startLabOn(combination);
    const sent = await system.remote.nested.delay("x");
    const inner = await sent.get(soon);
    expect(inner).toMatchObject({ rootId: sent.id, parentId: sent.id });
  });
});

describe.each(brokers)("a chord with Python members, without Redis, on $name", ({ url }) => {
  it("is refused before anything is sent, wherever it stands", async () => {
    await using system = await startLab(url());
    const { lab, app, journal, remote } = system;
    const member = legacy.add.si(1, 2);
    const before = lab.record.si(1, "ran");
    for (const signature of [
      chord([before, member], lab.gather.s("body")),
      group(before, member).pipe(lab.gather.s("body")),
      chain(before, group(lab.add.si(1, 1), member)),
      before.link(chord([chain(lab.add.si(1, 1), member)], lab.gather.s("body"))),
      group(before, chord([member], lab.gather.s("body"))),
    ]) {
      const error = await refusal(app, signature);
      expect(error).toMatchObject({ code: "INVALID_ARGUMENTS" });
      expect((error as Error).message).toMatch(
        /Member \d of \d of a group that something follows \(a chord\) would run .* in a Python worker\. .*redis:\/\//,
      );
    }
    expect(await remote.add(1, 2)).toBe(3);
    expect(journal.all("ran")).toEqual([]);
  });
});
