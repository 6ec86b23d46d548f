import { chain } from "ligature";
import { celeryBeat, schedule, type ScheduleOptions } from "ligature/schedules";
import { lab } from "@ligature/lab";
import { describe, expect, it } from "vitest";
import { dueTicks, sendAt, timetableOf } from "../../../src/dist/schedules/index.js";

const signature = lab.add.si(1, 2);

async function ticks(options: ScheduleOptions, from: string, until: string): Promise<readonly string[]> {
  const table = await timetableOf(schedule(signature, options).timing, "test");
  const found: string[] = [];
  for (let slot = table.next(Date.parse(from)); slot !== undefined && slot <= Date.parse(until); slot = table.next(slot)) {
    found.push(new Date(slot).toISOString());
  }
  return found;
}

describe("ticks over changes of the clock", () => {
  it("come at the first moment after a gap, and once", async () => {
    const berlin = { cron: "30 2 * * *", timeZone: "Europe/Berlin" };
    expect(await ticks(berlin, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z")).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
    const newYork = { cron: "30 2 * * *", timeZone: "America/New_York" };
    expect(await ticks(newYork, "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z")).toEqual(["2026-03-08T07:00:00.000Z"]);
    const lordHowe = { cron: "15 2 * * *", timeZone: "Australia/Lord_Howe" };
    expect(await ticks(lordHowe, "2026-10-03T00:00:00Z", "2026-10-04T12:00:00Z")).toHaveLength(1);
  });

  it("come once in an hour that there is twice", async () => {
    const berlin = { cron: "30 2 * * *", timeZone: "Europe/Berlin" };
    expect(await ticks(berlin, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  it("come every real half hour", async () => {
    const every = await ticks(
      { cron: "*/30 * * * *", timeZone: "Europe/Berlin" },
      "2026-10-24T23:00:00Z",
      "2026-10-25T03:00:00Z",
    );
    expect(every).toHaveLength(8);
    expect(await ticks({ every: "30m" }, "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z")).toEqual(every);
  });
});

describe("what is due", () => {
  const minute = 60_000;
  const start = Date.parse("2026-06-01T00:00:00Z");
  const due = async (
    options: ScheduleOptions,
    last: number,
    now: number,
  ): Promise<{ readonly due: readonly number[]; readonly missed: number; readonly wakeAt: number | undefined }> => {
    const { timing } = schedule(signature, options);
    const found = dueTicks(await timetableOf(timing, "test"), timing, { last, now, idOf: String });
    const minutes = (at: number): number => (at - start) / minute;
    return { ...found, due: found.due.map(minutes), wakeAt: found.wakeAt === undefined ? undefined : minutes(found.wakeAt) };
  };

  it("is each tick after the last one, in order", async () => {
    expect(await due({ every: "1m" }, start, start + 3.5 * minute)).toEqual({ due: [1, 2, 3], missed: 0, wakeAt: 4 });
    expect(await due({ every: "1m" }, start, start + 1)).toEqual({ due: [], missed: 0, wakeAt: 1 });
  });

  it("is nothing while a clock that was set back repeats an hour", async () => {
    expect(await due({ every: "1m" }, start + 60 * minute, start)).toEqual({ due: [], missed: 0, wakeAt: 61 });
    expect(await due({ cron: "* * * * *" }, start + 60 * minute, start)).toEqual({ due: [], missed: 0, wakeAt: 61 });
  });

  it("is all that was missed within catchUp, and of the rest nothing", async () => {
    expect(await due({ every: "1m", catchUp: "3m" }, start, start + 10 * minute)).toEqual({
      due: [7, 8, 9, 10],
      missed: 6,
      wakeAt: 11,
    });
  });

  it("is the last tick, where all that was missed is too old", async () => {
    expect(await due({ cron: "0 * * * *" }, start, start + 190 * minute)).toEqual({ due: [180], missed: 2, wakeAt: 240 });
    expect(await due({ every: "1h", catchUp: "0s" }, start, start + 190 * minute)).toEqual({
      due: [180],
      missed: 2,
      wakeAt: 240,
    });
  });

  it("goes in portions", async () => {
    const found = await due({ every: 100, catchUp: "1h" }, start, start + 10 * minute);
    expect(found.due).toHaveLength(1000);
    expect(found.wakeAt).toBeLessThan(2);
  });

  it("comes later by an amount that is always the same for a tick, and never out of order", async () => {
    const options = { every: "1m", jitter: "30s" } as const;
    const offsets = new Set<number>();
    for (let tick = 1; tick <= 20; tick += 1) {
      const slot = start + tick * minute;
      const at = sendAt(slot, 30_000, String(slot));
      expect(at).toBe(sendAt(slot, 30_000, String(slot)));
      expect(at - slot).toBeGreaterThanOrEqual(0);
      expect(at - slot).toBeLessThan(30_000);
      offsets.add(at - slot);
      expect((await due(options, slot - minute, at - 1)).due).toEqual([]);
      expect((await due(options, slot - minute, at)).due).toEqual([tick]);
    }
    expect(offsets.size).toBeGreaterThan(10);
  });
});

describe("a schedule that can't be", () => {
  it.each<[string, ScheduleOptions, RegExp]>([
    [
      "in an unknown time zone",
      { cron: "0 3 * * *", timeZone: "Europe/Atlantis" },
      /timeZone "Europe\/Atlantis" isn't known\. Use a name/,
    ],
    ["without a time", {}, /needs either cron, such as "0 3 \* \* \*", or every/],
    ["with two", { cron: "0 3 * * *", every: "1h" }, /needs either cron/],
    ["all the time", { every: 0 }, /every/],
    ["with an unknown option", { cron: "0 3 * * *", tz: "UTC" } as never, /unknown option "tz"/],
  ])("%s is refused", (_what, options, message) => {
    expect(() => schedule(signature, options)).toThrow(message);
  });

  it.each([
    ["61 * * * *", /cron "61 \* \* \* \*" can't be read/],
    ["every day", /cron "every day" can't be read/],
    ["0 0 30 2 *", /cron "0 0 30 2 \*" never comes/],
  ])("%s is refused at the start", async (cron, message) => {
    await expect(timetableOf(schedule(signature, { cron }).timing, "The schedule x")).rejects.toThrow(message);
  });

  it("waits for a parent's result", () => {
    expect(() => schedule(lab.double.s() as never, { every: "1m" })).toThrow(/waits for a parent's result, and a tick has none/);
    expect(schedule(chain(lab.add.si(1, 2), lab.double.s()), { every: "1m" })).toBeDefined();
  });
});

describe("Celery's beat entries", () => {
  it("become schedules", async () => {
    const entries = JSON.parse(`{
      "every-30-seconds": { "task": "lab.add", "schedule": 30.0, "args": [16, 16] },
      "monday-morning": {
        "task": "lab.add",
        "schedule": { "hour": 7, "minute": 30, "day_of_week": "monday" },
        "args": [1, 2],
        "options": { "expires": 60, "queue": "other" }
      },
      "fridays-that-are-a-13th": { "task": "lab.add", "schedule": { "hour": 0, "minute": 0, "day_of_month": "13", "day_of_week": [5] }, "args": [1, 2] }
    }`) as Parameters<typeof celeryBeat>[0];
    const schedules = celeryBeat(entries, { timeZone: "Europe/Berlin" });
    const next = async (name: string): Promise<string | undefined> => {
      const table = await timetableOf(schedules[name]?.timing as never, name);
      const at = table.next(Date.parse("2026-11-01T00:00:00Z"));
      return at === undefined ? undefined : new Date(at).toISOString();
    };
    expect(await next("every-30-seconds")).toBe("2026-11-01T00:00:30.000Z");
    expect(await next("monday-morning")).toBe("2026-11-02T06:30:00.000Z");
    expect(await next("fridays-that-are-a-13th")).toBe("2026-11-12T23:00:00.000Z");
  });

  it.each<[string, object, RegExp]>([
    ["an unknown task", { task: "lab.none", schedule: 1 }, /entry "x": no contract package .* declares "lab.none"/],
    ["kwargs", { task: "lab.add", schedule: 1, kwargs: { a: 1 } }, /kwargs can't be taken over; give the arguments as args/],
    ["an unknown field", { task: "lab.add", schedule: { minutes: 1 } }, /crontab has no field minutes/],
    ["a solar schedule", { task: "lab.add", schedule: "sunset" }, /schedule must be a number of seconds/],
  ])("with %s are refused", (_what, entry, message) => {
    expect(() => celeryBeat({ x: entry as never })).toThrow(message);
  });
});
