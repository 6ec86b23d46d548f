import { z } from "zod";
import { contract, task, type ContractDefinition } from "../../../src/dist/contract/index.js";
import { defineContract } from "ligature/generated";
import type { Contract, ImmutableSignature, Signature, SignatureData, TaskRef } from "../../../src/dist/signature/index.js";

/** A generated contract without its types: these tests are about what goes over the wire. */
export interface AnyContract extends Contract {
  readonly tasks: Readonly<Record<string, TaskRef>>;
  s(task: string, ...bound: unknown[]): Signature<unknown, unknown>;
  si(task: string, ...args: unknown[]): ImmutableSignature<unknown>;
  error(name: string, data: unknown): Error;
}

export function generated(definition: ContractDefinition, plain: readonly string[] = []): AnyContract {
  const keys = [...definition["~contract"].tasks.keys()];
  const facts = keys.map((key) => {
    const isPlain = plain.includes(key);
    return [key, { fingerprint: `fp-${key}`, plainArgs: isPlain, plainResult: isPlain }];
  });
  interface Builders {
    readonly "~task": TaskRef;
    s(...args: unknown[]): Signature<unknown, unknown>;
    si(...args: unknown[]): ImmutableSignature<unknown>;
  }
  const value = defineContract<Contract & Record<string, Builders> & { errors: Record<string, new (data: unknown) => Error> }>(
    definition,
    Object.fromEntries(facts),
  );
  const find = (key: string): Builders => {
    const builders = value[key];
    if (builders === undefined) throw new Error(`no task ${key}`);
    return builders;
  };
  return {
    "~generated": value["~generated"],
    tasks: Object.fromEntries(keys.map((key) => [key, find(key)["~task"]])),
    s: (key, ...bound) => find(key).s(...bound),
    si: (key, ...args) => find(key).si(...args),
    error: (name, data) => {
      const Declared = value.errors[name];
      if (Declared === undefined) throw new Error(`no error ${name}`);
      return new Declared(data);
    },
  };
}

export function dataOf(signature: Signature<never, unknown>): SignatureData {
  return signature["~signature"];
}

/** Served by Ligature. */
export const ours: AnyContract = generated(
  contract("ours", {
    queue: "ours",
    tasks: {
      done: task({ params: { result: z.any(), at: z.date().optional() }, returns: z.date() }),
      failed: task({ params: { key: z.string() } }),
      plain: task({
        params: { path: z.string(), limit: z.number().optional(), nothing: z.null().optional() },
        returns: z.string(),
      }),
      rich: task({
        params: { when: z.date(), tags: z.set(z.string()).optional(), count: z.bigint().optional() },
        returns: z.map(z.string(), z.date()),
        errors: {
          WrongFormat: z.object({ line: z.number(), at: z.date() }),
          Late: z.object({ by: z.number() }).refine(async () => Promise.resolve(true)),
        },
      }),
      limited: task({
        params: {},
        queue: "limited",
        timeLimit: { soft: "40m", hard: "45m" },
        expires: "1h",
        ignoreResult: true,
      }),
    },
  }),
  ["plain", "failed", "limited"],
);

/** Served by a Celery app. */
export const theirs: AnyContract = generated(
  contract("theirs", {
    runtime: "celery",
    queue: "celery",
    tasks: {
      add: task({ name: "tasks.add", params: { x: z.number(), y: z.number() }, returns: z.number() }),
      store: task({ params: { value: z.any() }, errors: { QuotaExceeded: z.object({ limit: z.number() }) } }),
    },
  }),
);
