import { chain, ChordError, chord, group, LigatureError, map, silentLogger, type AsyncResult, type GroupResult } from "ligature";
import { defineContract } from "ligature/generated";
import type { Lab } from "@ligature/lab";
import { describe, expect, it } from "vitest";
import { combinations, startLabOn } from "../support/combinations.ts";
import { labHandlers, type LabSystem } from "../support/lab.ts";
import { eventually, patience } from "../support/patience.ts";
import { openBackend, openBroker } from "../support/open.ts";

const soon = { timeout: patience };
/** As another process would have it. */
const wired = async (result: AsyncResult<unknown, {}, unknown> | GroupResult<readonly unknown[]>): Promise<unknown> =>
  JSON.parse(JSON.stringify(await result.keep()));

describe.each(combinations)("results on $name", (combination) => {
  it("of a group come as a tuple, in the group's order", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const sent = await app.send(group(lab.add.si(1, 2), lab.describe.si(4, "pears"), chain(lab.add.si(1, 1), lab.double.s())));
    expect(sent.results.map(({ taskName }) => taskName)).toEqual(["lab.add", "lab.describe", "lab.double"]);
    expect(await sent.get(soon)).toEqual([3, "4 pears", 4]);
    expect(await sent.ready()).toBe(true);
    expect(await sent.successful()).toBe(true);
    expect(await sent.failed()).toBe(false);
    expect(await sent.completed()).toBe(3);
    // Again, by themselves and together.
    expect(await sent.results[1].get(soon)).toBe("4 pears");
    expect(await sent.get(soon)).toEqual([3, "4 pears", 4]);
  });

  it("and arguments are parsed once: what a second run would change or refuse arrives as it is", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, remote, journal } = system;
    const given = { text: "a & b", number: "many", at: null };
    const once = { text: "a &amp; b", name: "", number: Number.NaN, at: null };
    const twice = { ...once, text: "a &amp;amp; b" };
    expect(await remote.odd.with(soon)(given)).toEqual(twice);
    expect(await journal.entry(`odd:${once.text}`)).toEqual(once);
    // Through Celery's own tasks, and from one task to the next.
    expect(await (await app.send(map(lab.odd, [given]))).get(soon)).toEqual([twice]);
    const results = await app.send(group(lab.odd.si(given), lab.silent.si()));
    expect(await results.get(soon)).toEqual([twice, undefined]);
  });

  it("may be nothing, alone and with others", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, remote, journal } = system;
    expect(await remote.silent.with(soon)()).toBeUndefined();
    const linked = await app.send(chain(lab.silent.si(), lab.after.s("void")));
    expect(await linked.get(soon)).toBeUndefined();
    expect(await journal.entry("after:void")).toEqual({ nothing: undefined });
    await remote.after.with(soon)(null, "null");
    expect(await journal.entry("after:null")).toEqual({ nothing: null });
    const both = await app.send(chord([lab.silent.si(), lab.double.si(2)], lab.gather.s("gathered")));
    expect(await both.get(soon)).toEqual([undefined, 4]);
  });

  it("of a worker with another version of the contract are checked where that is possible", async () => {
    await using system = await startLabOn(combination);
    const facts = Object.fromEntries([...system.lab["~generated"].tasks.keys()].map((key) => [key, { fingerprint: "other" }]));
    const older = defineContract<Lab>({ "~contract": system.lab["~generated"].spec }, facts);
    const remote = system.app.remote(older);
    const given = { text: "&", number: 1, at: null };
    expect(await remote.odd.with(soon)(given)).toEqual({ ...given, text: "&amp;amp;", name: "" });
    expect(await remote.silent.with(soon)()).toBeUndefined();
    expect(await remote.add.with(soon)(1, 2)).toBe(3);
  });

  it("of an empty group are there at once", async () => {
    await using system = await startLabOn(combination, { start: false });
    const sent = await system.app.send(group([]));
    expect(await sent.get(soon)).toEqual([]);
    expect(await sent.settle(soon)).toEqual([]);
    expect(await sent.ready()).toBe(true);
    for await (const member of sent) expect.unreachable(member.id);
  });

  it("of members that failed say which, as soon as one has", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, journal } = system;
    const sent = await app.send(group([lab.order.si("pen"), lab.wait.si("slow")]));
    const error: unknown = await sent.get(soon).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChordError);
    expect(error).toMatchObject({ member: { index: 0, id: sent.results[0]?.id, task: "lab.order" } });
    expect((error as ChordError).cause).toBeInstanceOf(lab.errors.OutOfStock);
    expect((error as ChordError).message).toMatch(/^Member 1 of 2 of the group, lab\.order\[.*\], failed with OutOfStock/);
    expect(await sent.ready()).toBe(false);
    expect(await sent.failed()).toBe(true);
    expect(await sent.completed()).toBe(1);
    await journal.entry("wait:slow");
    journal.give("slow:1", "finish");
    expect(await sent.settle(soon)).toMatchObject([
      { ok: false, error: { name: "OutOfStock" } },
      { ok: true, value: "finished after 0" },
    ]);
    expect(await sent.completed()).toBe(2);
  });

  it("are awaited in a handler until its own deadline, which frees its slot again", async () => {
    await using system = await startLabOn(combination, { start: false });
    const { lab, remote, journal } = system;
    const backend = combination.backend();
    const server = system.newApp(backend === undefined ? {} : { backend });
    const waiting: Record<string, () => Promise<unknown>> = {
      one: async () => (await server.remote(lab).add.delay(1, 2)).get(),
      chord: async () => (await server.send(chord([lab.add.si(1, 2)], lab.sum.s()))).get({ timeout: "1h" }),
      group: async () => (await server.send(group(lab.add.si(1, 2), lab.add.si(3, 4)))).get(),
    };
    const worker = server.worker(
      lab,
      {
        ...labHandlers(journal, () => server.remote(lab)),
        // There is one slot, and this holds it: what is awaited can't run before this ends.
        async nested(key, ctx) {
          const error = await waiting[key]?.().catch((reason: unknown) => reason);
          journal.write(`ended:${key}`, { error, id: ctx.id });
          throw error;
        },
      },
      { concurrency: 1 },
    );
    await worker.start();
    for (const key of Object.keys(waiting)) {
      // Both waits end at the same time: the caller sees its own end, or the handler's error.
      await expect(remote.nested.with({ timeout: 2000 })(key)).rejects.toThrow("[TIMED_OUT]");
      const { error, id } = await journal.entry<{ error: unknown; id: string }>(`ended:${key}`);
      expect(error).toMatchObject({
        code: "TIMED_OUT",
        message: expect.stringContaining(`where task ${id}, which waits for it,`),
      });
    }
    expect(await remote.add(1, 1)).toBe(2);
  });

  it.each([["5s"], [5], [null]])("can't be awaited with %j in place of options", async (options) => {
    await using system = await startLabOn(combination, { start: false });
    const { lab, app, remote } = system;
    const wrong = { code: "INVALID_OPTION", message: expect.stringContaining('{ timeout: "45m" }') };
    const one = await remote.add.delay(1, 2);
    await expect(one.get(options as never)).rejects.toMatchObject(wrong);
    await expect(one.settle(options as never)).rejects.toMatchObject(wrong);
    await expect((await app.send(group(lab.add.si(1, 2)))).get(options as never)).rejects.toMatchObject(wrong);
  });

  it("of members come as they end", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, journal } = system;
    const sent = await app.send(group([lab.wait.si("a"), lab.wait.si("b"), lab.wait.si("c")]));
    const seen: number[] = [];
    journal.give("c:1", "finish");
    for await (const { index, id, outcome } of sent) {
      expect(id).toBe(sent.results[index]?.id);
      expect(outcome.ok).toBe(true);
      seen.push(index);
      journal.give(["a:1", "b:1"][seen.length - 1] ?? "", "finish");
    }
    expect(seen).toEqual([2, 0, 1]);
  });

  it("of a group stop waiting at one deadline, or when told to", async () => {
    await using system = await startLabOn(combination, { start: false });
    const { lab, app } = system;
    const sent = await app.send(group(Array.from({ length: 20 }, (_, index) => lab.add.si(index, 1))));
    await expect(sent.get({ timeout: "50ms" })).rejects.toMatchObject({ code: "TIMED_OUT" });
    const stop = new AbortController();
    const wait = sent.settle({ signal: stop.signal });
    stop.abort();
    await expect(wait).rejects.toMatchObject({ code: "ABORTED" });
    await system.worker.start();
    expect(await sent.get(soon)).toHaveLength(20);
  });

  it("of a chain and of a chord have parents with results of their own", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const three = await app.send(chain(lab.add.si(1, 2), lab.double.s(), lab.double.s()));
    expect(await three.get(soon)).toBe(12);
    const two = three.parent as AsyncResult<unknown>;
    expect(two.taskName).toBe("lab.double");
    expect(await two.get(soon)).toBe(6);
    const one = two.parent as AsyncResult<unknown>;
    expect(await one.get(soon)).toBe(3);
    expect(one.parent).toBeUndefined();

    const body = await app.send(chord([lab.add.si(1, 2), lab.add.si(3, 4)], lab.sum.s()));
    expect(await body.get(soon)).toBe(10);
    const header = body.parent as GroupResult<readonly unknown[]>;
    expect(await header.get(soon)).toEqual([3, 7]);
    expect(await header.completed()).toBe(2);
  });

  it("say what their tasks have sent", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, journal } = system;
    const sent = await app.send(lab.add.si(1, 2).link(lab.record.s("child")));
    await sent.get(soon);
    const { ctx } = await journal.entry<{ ctx: { id: string } }>("child");
    expect(await sent.children()).toEqual([{ id: ctx.id }]);
    const lone = await app.send(lab.add.si(1, 2));
    await lone.get(soon);
    expect(await lone.children()).toEqual([]);
  });

  it("of what a handler sends are its task's children", async () => {
    await using system = await startLabOn(combination);
    const sent = await system.remote.nested.delay("x");
    await sent.get(soon);
    expect(await sent.children()).toHaveLength(1);
  });

  it("of a whole workflow are revoked together", async () => {
    await using system = await startLabOn(combination, { worker: { concurrency: 1, prefetch: 20 } });
    const { lab, app, journal, remote } = system;
    const blocking = await remote.wait.delay("blocks");
    await journal.entry("wait:blocks");
    const chained = await app.send(chain(lab.wait.si("first"), lab.wait.si("second")));
    const chorded = await app.send(chord([lab.wait.si("left"), lab.wait.si("right")], lab.gather.s("body")));
    const grouped = await app.send(group(lab.wait.si("member"), chain(lab.wait.si("step"), lab.wait.si("tail"))));
    for (const sent of [chained, chorded, grouped]) await sent.revoke();
    // Revocations and requests travel on different paths: only when one that was sent later has arrived are the first ones known.
    await blocking.revoke({ terminate: true });
    await expect(blocking.get(soon)).rejects.toMatchObject({ code: "REVOKED" });
    await expect(chained.get(soon)).rejects.toMatchObject({ code: "REVOKED" });
    await expect(chorded.get(soon)).rejects.toBeInstanceOf(LigatureError);
    expect(await grouped.settle(soon)).toMatchObject([
      { ok: false, error: { code: "REVOKED" } },
      { ok: false, error: { code: "REVOKED" } },
    ]);
    for (const key of ["first", "second", "left", "right", "member", "step", "tail"]) {
      expect(journal.all(`wait:${key}`), key).toEqual([]);
    }
    expect(journal.all("body")).toEqual([]);
  });

  it("that nobody stores are awaited by nobody", async () => {
    await using system = await startLabOn(combination);
    const { lab, app, journal } = system;
    const sent = await app.send(group(lab.quiet.si("one"), lab.add.si(1, 2)));
    expect(await sent.get(soon)).toEqual([undefined, 3]);
    await journal.entry("quiet:one");
    // Nothing is known of it, and nothing says otherwise.
    const [quiet] = sent.results;
    expect([await quiet.state(), await quiet.ready()]).toEqual(["PENDING", false]);
    expect(await sent.completed()).toBe(1);
  });

  it("have no end that is known, when their app was closed before", async () => {
    await using system = await startLabOn(combination, { start: false });
    const sent = await system.remote.add.delay(1, 2);
    await system.app.close();
    await expect(sent.get(soon)).rejects.toMatchObject({ code: "CLOSED" });
    expect([await sent.state(), await sent.ready()]).toEqual(["PENDING", false]);
  });

  it("are printed without any effect", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const one = await app.send(lab.add.si(1, 2));
    const all = await app.send(group([lab.add.si(1, 2), lab.add.si(3, 4)]));
    const names = [one, ...all.results].map(({ id }) => ({ id, task: "lab.add" }));
    expect(JSON.parse(JSON.stringify([one, all]))).toEqual([names[0], { group: all.id, members: names.slice(1) }]);
    await Promise.all([one.get(soon), all.get(soon)]);
    // What is to be kept is there when keep() resolves, so what printing had caused would be, too.
    await (await app.send(group([lab.add.si(5, 6)]))).keep();
    expect(await restored(system, combination, all.id)).toBeUndefined();
    expect(await registers(system, names)).toEqual([]);
    await all.keep();
    expect(await registers(system, names)).toHaveLength(combination.backend() === "rpc://" ? 2 : 0);
    await all.forget();
  });

  it("attach to a task that still runs, with its progress", async () => {
    await using system = await startLabOn(combination);
    const { app, journal, remote, lab } = system;
    const sent = await remote.wait.delay("p");
    const mine = sent.progress()[Symbol.asyncIterator]();
    await journal.entry("wait:p");
    journal.give("p:1", "continue");
    expect(await mine.next()).toEqual({ done: false, value: { step: 1 } });

    const other = system.newApp({ name: "other", ...backendOf(combination) });
    const attached = other.attach(other.remote(lab).wait, await wired(sent));
    expect(attached.id).toBe(sent.id);
    expect(attached.taskName).toBe("lab.wait");
    expect(attached.parent).toBeUndefined();
    // The latest report is there, and later ones come to both.
    const theirs = attached.progress()[Symbol.asyncIterator]();
    expect(await theirs.next()).toEqual({ done: false, value: { step: 1 } });
    expect(await attached.state()).toBe("PROGRESS");
    expect(await attached.ready()).toBe(false);
    journal.give("p:2", "continue");
    expect(await theirs.next()).toEqual({ done: false, value: { step: 2 } });
    expect(await mine.next()).toEqual({ done: false, value: { step: 2 } });
    journal.give("p:3", "finish");
    expect(await attached.get(soon)).toBe("finished after 2");
    expect(await theirs.next()).toEqual({ done: true, value: undefined });
    expect(await sent.get(soon)).toBe("finished after 2");
    await sent.forget();
    await app.close();
    await expect(sent.forget()).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("attach to a task that has ended, twice, with rich values and declared errors", async () => {
    await using system = await startLabOn(combination);
    const { lab, remote } = system;
    const value = { when: new Date(), tags: new Set(["a"]), counts: new Map([["x", 1]]), big: 1n, maybe: undefined };
    const [good, bad] = [await remote.echo.delay(value), await remote.order.delay("pen")];
    await good.get(soon);
    await bad.settle(soon);
    const json = [await wired(good), await wired(bad)] as const;
    for (const name of ["first", "second"]) {
      const other = system.newApp({ name, ...backendOf(combination) });
      const attached = other.attach(lab.echo, json[0]);
      expect(await attached.get(soon)).toEqual(value);
      expect(await attached.state()).toBe("SUCCESS");
      const failed = await other.attach(lab.order, json[1]).settle(soon);
      expect(failed).toMatchObject({ ok: false, error: { name: "OutOfStock", data: { item: "pen" } } });
    }
    await Promise.all([good.forget(), bad.forget()]);
    const late = system.newApp({ name: "late", ...backendOf(combination) }).attach(lab.echo, json[0]);
    expect(await late.state()).toBe("PENDING");
    await expect(late.get({ timeout: "50ms" })).rejects.toMatchObject({ code: "TIMED_OUT" });
    await late.forget();
    // Who holds it already keeps it.
    expect(await good.get(soon)).toEqual(value);
  });

  it("attach to a group, with one task for all or one for each", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const [same, mixed] = await Promise.all([
      app.send(group([lab.add.si(1, 2), lab.add.si(3, 4)])),
      app.send(group(lab.add.si(1, 2), lab.describe.si(1, "pear"))),
    ]);
    const json = [await wired(same), await wired(mixed)] as const;
    if (combination.backend()?.startsWith("redis:") === true) {
      const tuples = same.results.map(({ id }) => [[id, null], null]);
      await eventually(async () => expect(await restored(system, combination, same.id)).toEqual(tuples));
    }
    const other = system.newApp({ name: "other", ...backendOf(combination) });
    expect(await other.attachGroup(lab.add, json[0]).get(soon)).toEqual([3, 7]);
    const [sum, text] = await other.attachGroup([lab.add, lab.describe], json[1]).get(soon);
    expect([sum.toFixed(1), text.toUpperCase()]).toEqual(["3.0", "1 PEAR"]);
    expect(() => other.attachGroup([lab.add], json[1])).toThrow(/group of 2 members, and 1 tasks are given/);
    expect(() => other.attachGroup(lab.add, json[1])).toThrow(
      /member 1: the JSON is of a result of lab\.describe, not of lab\.add/,
    );
    await Promise.all([same.forget(), mixed.forget()]);
    expect(await restored(system, combination, same.id)).toBeUndefined();
  });

  it("of a chord attach with its body's task", async () => {
    await using system = await startLabOn(combination);
    const { lab, app } = system;
    const sent = await app.send(chord([lab.add.si(1, 2), lab.add.si(3, 4)], lab.sum.s()));
    const other = system.newApp({ name: "other", ...backendOf(combination) });
    const json = await wired(sent);
    expect(json).toMatchObject({ ligature: 1, id: sent.id, task: "lab.sum" });
    expect((json as { workflow: unknown[] }).workflow).toHaveLength(3);
    expect(await other.attach(lab.sum, json).get(soon)).toBe(10);
    await sent.forget();
  });

  it("attached again, have the same JSON", async () => {
    await using system = await startLabOn(combination);
    const sent = await system.remote.add.delay(1, 2);
    const json = await wired(sent);
    const other = system.newApp({ name: "other", ...backendOf(combination) });
    expect(await wired(other.attach(system.lab.add, json))).toEqual(json);
    await sent.forget();
  });
});

describe("an attached result's JSON", () => {
  const lab = startLabOn(combinations[0] as (typeof combinations)[number], { start: false });
  const good = { ligature: 1, id: "x", task: "lab.add" };

  it.each([
    ["nothing", undefined, /must be what keep\(\) of a result resolved with, got undefined/],
    ["null", null, /got null/],
    ["a list", [], /got a list/],
    ["text", JSON.stringify(good), /got string: give what JSON\.parse makes of the text/],
    ["something else's", { a: 1 }, /has no version/],
    ["what a logger prints of one", { id: "x", task: "lab.add" }, /JSON\.stringify\(await result\.keep\(\)\)/],
    ["a later version's", { ...good, ligature: 2 }, /has version 2, this is a Ligature that reads version 1/],
    ["a group's", { ligature: 1, group: "g", members: [] }, /use app\.attachGroup\(\)/],
    ["without id", { ...good, id: undefined }, /no proper id/],
    ["with an endless id", { ...good, id: "x".repeat(300) }, /no proper id/],
    ["with a wrong workflow", { ...good, workflow: [1] }, /no proper workflow/],
    ["of another task", { ...good, task: "lab.double" }, /is of a result of lab\.double, not of lab\.add/],
    ["of rpc://", { ...good, from: { replyTo: "q", expires: 1000 } }, /on the backend rpc:\/\/, this app's is another/],
    ["with a wrong origin", { ...good, from: { replyTo: "q" } }, /no proper from\.expires/],
  ])("is refused when it is %s", async (_what, json, message) => {
    const { app, lab: contract } = await lab;
    expect(() => app.attach(contract.add, json)).toThrow(message);
    expect(() => app.attach(contract.add, json)).toThrow(LigatureError);
  });

  it("is refused for what is no task, and for groups that are none", async () => {
    const { app, lab: contract } = await lab;
    expect(() => app.attach({} as never, good)).toThrow(/needs the task whose result it is/);
    expect(() => app.attachGroup(contract.add, good)).toThrow(/use app\.attach\(\)/);
    expect(() => app.attachGroup(contract.add, { ligature: 1, group: "g" })).toThrow(/no proper members/);
    await app.close();
    expect(() => app.attach(contract.add, good)).toThrow(/was closed/);
    await (await lab)[Symbol.asyncDispose]();
  });
});

function backendOf(combination: (typeof combinations)[number]): { readonly backend?: string } {
  const backend = combination.backend();
  return backend === undefined ? {} : { backend };
}

/** The queues in which `rpc://` keeps results, of those. */
async function registers(system: LabSystem, results: readonly { readonly id: string }[]): Promise<readonly string[]> {
  const broker = openBroker(system.broker, {
    name: "look",
    log: silentLogger,
    publishTimeout: 10_000,
    maxPayload: 1000,
    maxUnconfirmed: 1,
  });
  try {
    const names = results.map(({ id }) => `ligature.result.${id}`);
    const found = await Promise.all(names.map((name) => broker.inspect(name)));
    return names.filter((_name, index) => found[index] !== undefined);
  } finally {
    await broker.close();
  }
}

/** What Python would restore of a group. */
async function restored(system: LabSystem, combination: (typeof combinations)[number], id: string): Promise<unknown> {
  const broker = openBroker("memory://", {
    name: "look",
    log: silentLogger,
    publishTimeout: 1000,
    maxPayload: 1000,
    maxUnconfirmed: 1,
  });
  const url = combination.backend() ?? system.broker;
  const backend = openBackend(url, { name: "look", broker, log: silentLogger, resultExpires: 60_000 });
  try {
    return await backend.restoreGroup?.(id);
  } finally {
    await backend.close();
    await broker.close();
  }
}
