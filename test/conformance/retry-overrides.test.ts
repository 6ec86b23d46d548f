import type { RetryOverride } from "ligature";
import { task } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { startOwn } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

class Flaky extends Error {
  override readonly name = "Flaky";
}
class Worse extends Flaky {}

const thrown: Readonly<Record<string, () => Error>> = {
  flaky: () => new Flaky("flaky"),
  worse: () => new Worse("worse"),
  type: () => new TypeError("type"),
};

describe.each(brokers)("a worker's own retries on $name", ({ url }) => {
  /** How often each error's handler runs. */
  const runs = async (retry: RetryOverride | false | undefined, contracts: number | undefined): Promise<readonly number[]> => {
    const fast = { delay: 0 };
    await using system = await startOwn<"run">(url(), {
      tasks: {
        run: task({ params: { key: z.string() }, ...(contracts !== undefined && { retry: { ...fast, limit: contracts } }) }),
      },
      worker: retry === undefined ? {} : { retry: { run: retry === false ? false : { ...fast, ...retry } } },
      handlers: ({ journal }) => ({
        run: (key: string) => {
          journal.write(key, true);
          throw thrown[key]?.() ?? new Error(key);
        },
      }),
    });
    const keys = Object.keys(thrown);
    const results = await Promise.all(keys.map((key) => system.remote.run.delay(key)));
    for (const result of results) await expect(result.get({ timeout: patience })).rejects.toMatchObject({ code: "TASK_FAILED" });
    return keys.map((key) => system.journal.all(key).length);
  };

  it("replace those of the contract, or forbid them", async () => {
    expect(await runs(undefined, 1)).toEqual([2, 2, 2]);
    expect(await runs({ limit: 2 }, 1)).toEqual([3, 3, 3]);
    expect(await runs({ limit: 1 }, undefined)).toEqual([2, 2, 2]);
    expect(await runs(false, 1)).toEqual([1, 1, 1]);
  });

  it("are for some classes of errors only, or for all but some", async () => {
    expect(await runs({ only: [Flaky] }, 1)).toEqual([2, 2, 1]);
    expect(await runs({ only: ["TypeError"] }, 1)).toEqual([1, 1, 2]);
    expect(await runs({ never: [Worse] }, 1)).toEqual([2, 1, 2]);
    expect(await runs({ only: [Flaky], never: [Worse] }, 1)).toEqual([2, 1, 1]);
  });

  it.each<[string, object, RegExp]>([
    ["of a task that isn't there", { retry: { walk: false } }, /names "walk", which is no task of own\. Its tasks: run/],
    ["with an unknown option", { retry: { run: { times: 3 } } }, /unknown option "times"/],
    ["with a filter that is none", { retry: { run: { only: [5] } } }, /only must be a list of error classes/],
    ["of too many times", { retry: { run: { limit: 1001 } } }, /limit must be a whole number from 0 to 1000/],
  ])("%s are refused at start", async (_, worker, message) => {
    const starting = startOwn<"run">(url(), { tasks: { run: task({}) }, worker, handlers: () => ({ run: () => {} }) });
    await expect(starting).rejects.toMatchObject({ code: "INVALID_OPTION", message: expect.stringMatching(message) });
  });
});
