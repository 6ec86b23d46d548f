import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { LigatureError } from "ligature";
import type { Contract } from "ligature/generated";
import { startTestService } from "ligature/testing";
import { expect, onTestFinished, test } from "vitest";
import { packValue } from "../../src/dist/protocol/index.js";
import { command } from "./support/ligature.ts";
import { scratch, scratchOfTest, writeAll } from "./support/scratch.ts";
import { compile, strictest } from "./support/tsc.ts";

/** Transforms, codecs and brands in every place that a schema can have in a contract. */
const source = `import { contract, task } from "ligature/contract";
import { z } from "zod";

export const Cents = z.string().regex(/^\\d+\\.\\d\\d$/).transform((text) => Math.round(Number(text) * 100));
export const Moment = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const OrderId = z.string().brand("OrderId");

export const till = contract("till", {
  tasks: {
    charge: task({
      params: { amount: Cents, at: Moment, options: z.object({ tip: Cents.default(0), id: OrderId }).optional() },
      returns: z.object({ paid: Cents, at: Moment, id: OrderId, note: z.string().default("none") }),
      errors: { TooMuch: z.object({ limit: Cents, since: Moment, retries: z.number().default(3) }) },
      progress: z.object({ done: Cents, at: Moment }),
    }),
    relay: task({ params: { amount: Cents }, errors: { Refused: z.object({ limit: Cents }) } }),
  },
});
`;

/** What each side sees; compiled, not run. */
const consumer = `import { createApp } from "ligature";
import type { z } from "zod";
import { till, type TillHandlers, type TillRemote } from "./generated/index.js";

export const handlers: TillHandlers = {
  charge: async (amount, at, options, ctx) => {
    const cents: number = amount;
    const time: Date = at;
    const tip: number = options?.tip ?? 0;
    const id: (string & z.$brand<"OrderId">) | undefined = options?.id;
    await ctx.progress({ done: "1.00", at: time.toISOString() });
    // @ts-expect-error progress is given as input
    await ctx.progress({ done: 1, at: time });
    if (cents > 100) throw new till.errors.TooMuch({ limit: "1.00", since: "2020-01-01T00:00:00.000Z" });
    return { paid: "1.50", at: time.toISOString(), id: id ?? "none" };
  },
  relay: () => {},
};

export async function use(remote: TillRemote): Promise<void> {
  const result = await remote.charge("1.50", "2020-01-01T00:00:00.000Z", { tip: "0.10", id: "a" });
  const paid: number = result.paid;
  const at: Date = result.at;
  const id: string & z.$brand<"OrderId"> = result.id;
  // @ts-expect-error callers pass the input
  await remote.charge(150, at);
  const outcome = await (await remote.charge.delay("1.50", "2020-01-01T00:00:00.000Z")).settle();
  if (!outcome.ok && outcome.error instanceof till.errors.TooMuch) {
    const { limit, since, retries }: { limit: number; since: Date; retries: number } = outcome.error.data;
    console.log(paid, id, limit, since, retries, createApp);
  }
}
`;

interface Manifest {
  readonly tasks: Readonly<
    Record<
      string,
      {
        readonly params: readonly { readonly schema: object }[];
        readonly returns: object;
        readonly errors: Readonly<Record<string, object>>;
        readonly progress: object;
        readonly fingerprint: string;
      }
    >
  >;
  readonly $defs: object;
}

function manifestAt(dir: string): Manifest {
  return JSON.parse(readFileSync(join(dir, "contract.json"), "utf8")) as Manifest;
}

function packageJson(name: string): string {
  return JSON.stringify({ name, type: "module", ligature: { contract: "./src/contract.ts" } });
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(packValue(value, false).json));
const at = "2020-01-01T00:00:00.000Z";

test("transforms and codecs: types, messages and the manifest say the same", async () => {
  const dir = scratchOfTest({ "package.json": packageJson("till"), "src/contract.ts": source });
  expect(await command(dir, ["gen"])).toMatchObject({ code: 0, err: "" });
  const manifest = manifestAt(dir);
  const task = manifest.tasks["till.charge"];
  if (task === undefined) throw new Error("the manifest has no till.charge");
  const accepts = (schema: object, value: unknown): boolean => ajv.compile({ ...schema, $defs: manifest.$defs })(wire(value));

  const compilerOptions = { ...strictest, rewriteRelativeImportExtensions: true, rootDir: "src", outDir: "dist" };
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
  expect(compile(dir, "-p", ".")).toBe("");
  writeAll(dir, { "consumer.ts": consumer });
  const use = { ...strictest, types: ["node"], lib: ["es2023", "esnext.disposable"], skipLibCheck: true, noEmit: true };
  writeFileSync(join(dir, "tsconfig.use.json"), JSON.stringify({ compilerOptions: use, files: ["consumer.ts"] }));
  expect(compile(dir, "-p", "tsconfig.use.json")).toBe("");

  interface Till {
    charge: ((...args: readonly unknown[]) => Promise<unknown>) & {
      delay: (...args: readonly unknown[]) => Promise<{ progress: () => AsyncIterable<unknown>; get: () => Promise<unknown> }>;
    };
    relay: (...args: readonly unknown[]) => Promise<unknown>;
  }
  interface Errors {
    readonly errors: Readonly<Record<string, new (data: unknown) => Error>>;
  }
  const { till } = (await import(pathToFileURL(join(dir, "generated/index.js")).href)) as {
    readonly till: Contract<Till, object> & Errors;
  };
  const TooMuch = till.errors["TooMuch"];
  const Refused = till.errors["Refused"];
  if (TooMuch === undefined || Refused === undefined) throw new Error("an error class is missing");
  const seen: unknown[] = [];
  const given = { limit: "1.00", since: at };
  const result = { paid: "1.50", at, id: "a" };
  const progress = { done: "0.50", at };
  const forwarded: { error?: unknown } = {};
  await using service = await startTestService(till, {
    charge: async (...args: readonly unknown[]) => {
      seen.push(args.slice(0, 3));
      if (args[0] === 999) throw new TooMuch(given);
      await (args[3] as { progress: (value: unknown) => Promise<void> }).progress(progress);
      return result;
    },
    relay: (amount: number) => {
      if (amount === 100) throw new Refused({ limit: "2.00" });
      throw forwarded.error;
    },
  });

  // Arguments travel as input; handlers get the output.
  const args = ["1.50", at, { id: "a" }];
  expect(args.map((value, index) => accepts(task.params[index]?.schema ?? {}, value))).toEqual([true, true, true]);
  const outputs = [150, new Date(at), { tip: 0, id: "a" }];
  expect(outputs.slice(0, 1).map((value, index) => accepts(task.params[index]?.schema ?? {}, value))).toEqual([false]);
  const sent = await service.remote.charge.delay(...args);
  const reports: unknown[] = [];
  for await (const report of sent.progress()) reports.push(report);
  const received = await sent.get();
  expect(seen).toEqual([outputs]);

  // Results and progress travel as output, which the caller gets as it is.
  expect(received).toEqual({ paid: 150, at: new Date(at), id: "a", note: "none" });
  expect(accepts(task.returns, received)).toBe(true);
  expect(accepts(task.returns, result)).toBe(false);
  expect(reports).toEqual([{ done: 50, at: new Date(at) }]);
  expect(accepts(task.progress, reports[0])).toBe(true);
  expect(accepts(task.progress, progress)).toBe(false);

  // Errors travel as they were made; the caller gets the output.
  const error = await service.remote.charge("9.99", at).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TooMuch);
  const output = { limit: 100, since: new Date(at), retries: 3 };
  expect(error).toMatchObject({ data: output });
  expect(accepts(task.errors["TooMuch"] ?? {}, given)).toBe(true);
  expect(accepts(task.errors["TooMuch"] ?? {}, output)).toBe(false);

  // Thrown on by whoever received it, an error is read the same way again.
  forwarded.error = await service.remote.relay("1.00").catch((reason: unknown) => reason);
  expect(forwarded.error).toMatchObject({ name: "Refused", data: { limit: 200 } });
  const again = await service.remote.relay("5.00").catch((reason: unknown) => reason);
  expect(again).toBeInstanceOf(Refused);
  expect(again).toMatchObject({ data: { limit: 200 } });

  await expect(service.remote.charge(150, at)).rejects.toThrow(LigatureError);
});

const asText = "Cents.transform((cents) => String(cents))";

/** Changes to the contract, and whether the task's messages change with them. */
const changes: Readonly<Record<string, readonly [from: string, to: string, changes: boolean]>> = {
  brand: ['brand("OrderId")', 'brand("Order")', false],
  name: ["Cents", "Money", false],
  code: ["Math.round(Number(text) * 100)", "Number(text)", false],
  // What a transform makes of an argument stays with the handler; what it makes of a result travels.
  argument: ["amount: Cents, at", `amount: ${asText}, at`, false],
  input: ["amount: Cents, at", "amount: z.number(), at", true],
  result: ["paid: Cents", `paid: ${asText}`, true],
  progress: ["done: Cents", `done: ${asText}`, true],
  error: ["limit: Cents, since", `limit: ${asText}, since`, false],
};

test("fingerprints follow what travels, and nothing else", async () => {
  const variants = Object.entries({ original: ["Cents", "Cents", false] as const, ...changes });
  const { dir, remove } = scratch({ "package.json": '{ "workspaces": ["*"] }' });
  onTestFinished(remove);
  for (const [name, [from, to]] of variants) {
    writeAll(join(dir, name), { "package.json": packageJson(name), "src/contract.ts": source.replaceAll(from, to) });
  }
  expect(await command(dir, ["gen"])).toMatchObject({ code: 0, err: "" });
  const fingerprints = variants.map(([name]) => [name, manifestAt(join(dir, name)).tasks["till.charge"]?.fingerprint] as const);
  const original = fingerprints[0]?.[1];
  const changed = Object.fromEntries(fingerprints.map(([name, fingerprint]) => [name, fingerprint !== original]));
  expect(changed).toEqual(Object.fromEntries(variants.map(([name, [, , isChanged]]) => [name, isChanged])));
});
