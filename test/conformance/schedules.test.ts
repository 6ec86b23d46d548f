import { randomUUID } from "node:crypto";
import { group, type App, type AppOptions, type LigatureError, type TaskContext } from "ligature";
import { task } from "ligature/contract";
import { schedule } from "ligature/schedules";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { amqpUrl, redisUrl } from "../support/brokers.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { eventually } from "../support/patience.ts";

const tasks = { tick: task({ params: { key: z.string() }, returns: z.string() }) };

interface Place {
  readonly name: string;
  readonly url: () => string;
  readonly app: () => Partial<AppOptions>;
}

const places: readonly Place[] = [
  { name: "in this process", url: () => "memory://", app: () => ({}) },
  { name: "by RabbitMQ alone", url: amqpUrl, app: () => ({}) },
  { name: "by Redis", url: amqpUrl, app: () => ({ store: redisUrl() }) },
];

function start({ url, app }: Place): Promise<OwnService<"tick">> {
  return startOwn<"tick">(url(), {
    tasks,
    app: app(),
    server: app(),
    handlers: ({ journal }) => ({
      tick: (key: string, ctx: TaskContext) => {
        journal.write(key, ctx.id);
        return key;
      },
    }),
  });
}

const errorOf = (promise: Promise<unknown>): Promise<LigatureError> =>
  promise.then(
    () => expect.fail("It should have failed."),
    (error: LigatureError) => error,
  );

/** Nominal times, from ids. */
function nominal(ids: readonly unknown[]): readonly number[] {
  return ids.map((id) => Date.parse(String(id).split("@")[1] as string));
}

/** Schedulers of one name, in apps of their own. */
function another(system: OwnService<"tick">, { app }: Place): App {
  return system.newApp(app());
}

describe.each(places)("schedulers that agree $name", (place) => {
  it("send each tick once, with an id of its own, however many they are", async () => {
    await using system = await start(place);
    const [name, key] = [`s-${randomUUID()}`, randomUUID()];
    const every = { every: 200 } as const;
    const schedules = { often: schedule(system.tasks.tick.si(key), every) };
    const all = [1, 2, 3].map(() => another(system, place).scheduler(schedules, { name }));
    await Promise.all(all.map((each) => each.start()));
    await system.journal.entry(key, 9);
    await Promise.all(all.map((each) => each.stop()));
    const ids = system.journal.all(key);
    expect(new Set(ids).size).toBe(ids.length);
    const times = nominal(ids).toSorted((a, b) => a - b);
    for (const [index, time] of times.entries()) expect(time).toBe((times[0] as number) + index * 200);
    expect(ids[0]).toMatch(new RegExp(`^${name}:often@`));
  });

  it("go on where the last one stopped, and make up for what was missed", async () => {
    await using system = await start(place);
    const [name, key] = [`s-${randomUUID()}`, randomUUID()];
    const make = () => another(system, place).scheduler({ often: schedule(system.tasks.tick.si(key), { every: 300 }) }, { name });
    const first = make();
    await first.start();
    await system.journal.entry(key, 1);
    await first.stop();
    const before = system.journal.all(key).length;
    // That nothing comes can't be awaited: five ticks would have.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(system.journal.all(key)).toHaveLength(before);
    const second = make();
    await second.start();
    await system.journal.entry(key, before + 5);
    await second.stop();
    const times = nominal([...new Set(system.journal.all(key))]).toSorted((a, b) => a - b);
    for (const [index, time] of times.entries()) expect(time).toBe((times[0] as number) + index * 300);
  });

  it("send chains and groups as well, always with the same ids", async () => {
    await using system = await start(place);
    const [name, key] = [`s-${randomUUID()}`, randomUUID()];
    const { tick } = system.tasks;
    const scheduler = another(system, place).scheduler(
      { both: schedule(group(tick.si(`${key}:a`), tick.si(`${key}:b`)), { every: 500 }) },
      { name },
    );
    await scheduler.start();
    await Promise.all([system.journal.entry(`${key}:a`, 1), system.journal.entry(`${key}:b`, 1)]);
    await scheduler.stop();
    const ids = [...system.journal.all(`${key}:a`), ...system.journal.all(`${key}:b`)];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("take schedules that another program creates, pauses, resumes and deletes", async () => {
    await using system = await start(place);
    const [name, key] = [`s-${randomUUID()}`, randomUUID()];
    const scheduler = another(system, place).scheduler({}, { name });
    await scheduler.start();
    const manager = another(system, place).scheduler({}, { name });
    await manager.create("made", system.tasks.tick.si(key), { every: 200 });
    await system.journal.entry(key, 1);
    expect(system.journal.all(key)[0]).toMatch(new RegExp(`^${name}:made@`));
    const status = await eventually(async () => {
      const [made] = await manager.list();
      expect(made?.last).toBeDefined();
      return made;
    });
    expect(status).toMatchObject({ id: "made", dynamic: true, paused: false, missed: 0, next: expect.any(Date) as Date });

    await manager.pause("made");
    await eventually(async () => expect(await manager.list()).toMatchObject([{ paused: true, next: undefined }]));
    const quiet = await eventually(async () => {
      const count = system.journal.all(key).length;
      // Several ticks would have come.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(system.journal.all(key)).toHaveLength(count);
      return count;
    });
    const now = await manager.runNow("made");
    expect(now).toMatch(new RegExp(`^${name}:made@now-`));
    expect(await system.journal.entry(key, quiet)).toBe(now);

    const resumed = Date.now();
    await manager.resume("made");
    await system.journal.entry(key, quiet + 2);
    // What was left out isn't made up for.
    expect(Math.min(...nominal(system.journal.all(key).slice(quiet + 1)))).toBeGreaterThanOrEqual(resumed - 200);

    await manager.delete("made");
    await eventually(async () => expect(await manager.list()).toEqual([]));
    expect(await errorOf(manager.pause("made"))).toMatchObject({ code: "INVALID_OPTION" });
    await scheduler.stop();
  });

  it("pause what a program declares", async () => {
    await using system = await start(place);
    const [name, key] = [`s-${randomUUID()}`, randomUUID()];
    const scheduler = another(system, place).scheduler({ often: schedule(system.tasks.tick.si(key), { every: 200 }) }, { name });
    await scheduler.start();
    await system.journal.entry(key);
    await scheduler.pause("often");
    await eventually(async () => expect(await scheduler.list()).toMatchObject([{ id: "often", dynamic: false, paused: true }]));
    await scheduler.stop();
    expect(await errorOf(scheduler.delete("often"))).toMatchObject({ code: "INVALID_OPTION" });
  });

  it("refuse at the start what can't be", async () => {
    await using system = await start(place);
    const scheduler = another(system, place).scheduler(
      { never: schedule(system.tasks.tick.si("x"), { cron: "0 0 30 2 *" }) },
      { name: `s-${randomUUID()}` },
    );
    const error = await errorOf(scheduler.start());
    expect(error).toMatchObject({
      code: "INVALID_OPTION",
      rawMessage: expect.stringMatching(/^The schedule never: cron "0 0 30 2 \*" never comes\. It has five fields/),
    });
    expect(() => system.app.scheduler({ "a b": schedule(system.tasks.tick.si("x"), { every: "1m" }) })).toThrow(
      /a schedule's id must be/,
    );
    expect(() => system.app.scheduler({ a: { cron: "* * * * *" } as never })).toThrow(
      /"a" is no schedule\. Make it with schedule/,
    );
  });
});
