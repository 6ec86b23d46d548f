import { expect, it } from "vitest";
import { z } from "zod";
import { contract, parseArguments, task } from "../../../src/dist/contract/index.js";
import { newTaskMessage } from "../../../src/dist/protocol/index.js";
import { builtinTask } from "../../../src/dist/worker/intake/index.js";
import { generated } from "../protocol/contract.ts";

/** What a worker's own `celery.map` and `celery.starmap` call a handler with. */
const shop = generated(
  contract("shop", {
    tasks: {
      pack: task({ params: { item: z.string().trim(), count: z.number().default(2), note: z.string().optional() } }),
      ship: task({ params: { item: z.string(), to: z.string() } }),
    },
  }),
);
const ctx = { signal: new AbortController().signal };

async function run(builtin: string, name: string, items: readonly unknown[]): Promise<readonly unknown[]> {
  const calls: unknown[] = [];
  const ref = shop.tasks[name];
  if (ref === undefined) throw new Error(`no task ${name}`);
  const handlers = new Map([[ref.spec.name, { task: ref, run: (...args: readonly unknown[]) => calls.push(args) }]]);
  const signature = { task: ref.spec.name, args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
  const message = newTaskMessage({ id: "id", task: builtin, args: [signature, items] });
  const registered = builtinTask(message, handlers, "shop");
  if (registered === undefined) throw new Error(`no builtin ${builtin}`);
  await registered.run(...(await parseArguments(registered.task.spec, message.args)), ctx);
  return calls;
}

it("map calls a handler with its item, what is left out, and the context behind all parameters", async () => {
  expect(await run("celery.map", "pack", [" a ", "b"])).toEqual([
    ["a", 2, undefined, ctx],
    ["b", 2, undefined, ctx],
  ]);
});

it("starmap does so with each list of arguments", async () => {
  expect(await run("celery.starmap", "pack", [["a"], ["b", 3], ["c", 1, "fragile"]])).toEqual([
    ["a", 2, undefined, ctx],
    ["b", 3, undefined, ctx],
    ["c", 1, "fragile", ctx],
  ]);
});

it("a map of a task that needs more than one argument is refused", async () => {
  await expect(run("celery.map", "ship", ["a"])).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
  await expect(run("celery.starmap", "ship", [["a"]])).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
});
