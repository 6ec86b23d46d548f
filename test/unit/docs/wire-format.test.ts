import { readFileSync, writeFileSync } from "node:fs";
import { chain, chord, group, map, type Contract, type ImmutableSignature, type Signature } from "ligature";
import { contract, task } from "ligature/contract";
import { defineContract, type DeclaredErrorClass, type Task, type TaskWithoutParams } from "ligature/generated";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import {
  chordError,
  composeSignature,
  decodeTask,
  encodeControl,
  encodeResult,
  encodeTask,
  exceptionToWire,
  failureOf,
  packValue,
  revokeCommand,
  signatureToWire,
  outgoingOf,
  type Message,
  type StoredResult,
  type OutgoingMessage,
} from "../../../src/dist/protocol/index.js";

/**
 * The examples in docs/wire-format.md are what the code writes: each block of JSON behind a comment such as
 * `<!-- example: request -->` is compared with it. After a change that is meant: UPDATE_GOLDEN=1 npm test -- unit
 */
const file = new URL("../../../docs/wire-format.md", import.meta.url);
const block = /(<!-- example: ([\w-]+) -->\n\n```json\n)([\s\S]*?)(\n```)/g;

const ProcessedFile = z.object({ path: z.string(), rows: z.number().int(), finishedAt: z.date() });

interface Processing extends Contract {
  readonly processFile: Task<[path: string, options?: { strict?: boolean | undefined }], z.output<typeof ProcessedFile>>;
  readonly errors: { readonly WrongFormat: DeclaredErrorClass<"WrongFormat", { line: number }, { line: number }> };
}
interface Catalog extends Contract {
  readonly markProcessed: Task<[file: z.input<typeof ProcessedFile>, fileId: number, seenAt?: Date], void>;
  readonly markFailed: Task<[fileId: number], void>;
  readonly report: Task<[files: readonly z.input<typeof ProcessedFile>[], batchId: number], void>;
  readonly done: TaskWithoutParams<void>;
}

const processing = defineContract<Processing>(
  contract("processing", {
    tasks: {
      processFile: task({
        params: { path: z.string(), options: z.object({ strict: z.boolean().optional() }).optional() },
        returns: ProcessedFile,
        errors: { WrongFormat: z.object({ line: z.number().int() }) },
        timeLimit: { soft: "40m", hard: "45m" },
      }),
    },
  }),
  { processFile: { fingerprint: "f9280418586f", plainArgs: true } },
);
const catalog = defineContract<Catalog>(
  contract("catalog", {
    tasks: {
      markProcessed: task({ params: { file: ProcessedFile, fileId: z.number().int(), seenAt: z.date().optional() } }),
      markFailed: task({ params: { fileId: z.number().int() } }),
      report: task({ params: { files: z.array(ProcessedFile), batchId: z.number().int() } }),
      done: task({}),
    },
  }),
  {
    markProcessed: { fingerprint: "5d1c2b7a90e4" },
    markFailed: { fingerprint: "0b6e43f1a2c8", plainArgs: true },
    report: { fingerprint: "a7c02e815d3f" },
    done: { fingerprint: "47f1b8c0d92e", plainArgs: true },
  },
);

const now = Date.UTC(2026, 10, 22, 14, 30);
const replyTo = "ligature.reply.catalog.6f0f2e9c-58b5-4b7e-9d0f-3c4f2f8f1a77";
const file1 = { path: "a.csv", rows: 3, finishedAt: new Date(now + 60_000) };

/** Ids that a reader can tell apart. */
function ids(): () => string {
  let next = 0;
  return () => `${String(++next).repeat(8)}-0000-4000-8000-000000000000`;
}

function send(signature: ImmutableSignature<unknown>): Message {
  const { messages } = composeSignature(signature["~signature"], { now, newId: ids(), replyTo, deadline: now + 30_000 });
  return encodeFirst(messages);
}

function encodeFirst([first]: readonly OutgoingMessage[]): Message {
  if (first === undefined) throw new Error("nothing is sent");
  return encodeTask(first.message, first.route);
}

type Body = readonly [args: unknown, kwargs: unknown, embed: { readonly chain: readonly unknown[] }];

function shown({ exchange, routingKey, headers, properties, body }: Partial<Message>): Partial<Record<keyof Message, unknown>> {
  return { exchange, routingKey, headers, properties, body: JSON.parse(Buffer.from(body ?? []).toString()) as unknown };
}

function bodyOf(message: Pick<Message, "body">): unknown {
  return JSON.parse(Buffer.from(message.body).toString());
}

function wire(signature: Signature<never, unknown>): unknown {
  return JSON.parse(JSON.stringify(signatureToWire(signature["~signature"])));
}

function result(status: StoredResult["status"], value: ReturnType<typeof packValue>, traceback: string | null = null): unknown {
  const { json, meta } = value;
  const id = ids()();
  const stored = {
    task_id: id,
    status,
    result: json,
    traceback,
    children: [],
    ...(status === "SUCCESS"
      ? { ligature: { fingerprint: "f9280418586f", ...(meta !== undefined && { meta }) } }
      : meta !== undefined && { ligature: { meta } }),
  };
  return bodyOf(encodeResult(stored, replyTo, id));
}

function failed(error: Error): unknown {
  return result("FAILURE", { json: exceptionToWire(error).exception }, `${error.name}: …\n    at processFile (…)`);
}

function errorCallback(): unknown {
  const parent = decodeTask(send(processing.processFile.si("a.csv")));
  const error = new processing.errors.WrongFormat({ line: 3 });
  error.stack = "WrongFormat: …\n    at processFile (…)";
  const callback = signatureToWire(catalog.markFailed.si(7)["~signature"]);
  const { messages } = outgoingOf(callback, {
    now,
    newId: () => "99999999-0000-4000-8000-000000000000",
    parent,
    failure: failureOf(parent, error),
    defaultQueue: "celery",
  });
  return shown(encodeFirst(messages));
}

const examples: Readonly<Record<string, () => unknown>> = {
  request: () => shown(send(processing.processFile.si("a.csv", { strict: true }))),
  annotations: () => bodyOf(send(catalog.markProcessed.si(file1, 7))),
  signature: () => wire(catalog.markProcessed.s(7)),
  "bound-annotations": () => wire(catalog.markProcessed.s(7, new Date(now))),
  callbacks: () =>
    bodyOf(send(processing.processFile.si("a.csv").link(catalog.markProcessed.s(7)).linkError(catalog.markFailed.si(7)))),
  chain: () => bodyOf(send(chain(processing.processFile.si("a.csv"), catalog.markProcessed.s(7)))),
  "error-callback": errorCallback,
  chord: () => {
    const { headers, body } = shown(
      send(chord([processing.processFile.si("a.csv"), processing.processFile.si("b.csv")], catalog.report.s(7))),
    );
    return { headers, body };
  },
  "chord-step": () =>
    (bodyOf(send(chain(processing.processFile.si("a.csv"), group(catalog.markProcessed.s(7)), catalog.done.si()))) as Body)[2]
      .chain[0],
  "chord-error": () => {
    const id = ids();
    const error = new processing.errors.WrongFormat({ line: 3 });
    return failed(chordError({ index: 1, taskId: id() }, "processing.processFile", error));
  },
  map: () => bodyOf(send(map(processing.processFile, ["a.csv", "b.csv"]))),
  success: () => result("SUCCESS", packValue(file1, false)),
  "declared-error": () => failed(new processing.errors.WrongFormat({ line: 3 })),
  "other-error": () => failed(new TypeError("rows is not iterable")),
  revoke: () => shown({ exchange: "celery.pidbox", routingKey: "", ...encodeControl(revokeCommand([ids()()], false)) }),
};

/** JSON as a person would break it: what fits on a line stays there. */
function print(value: unknown, indent = "", room = 118): string {
  const flat = JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, " ").replaceAll("[ ", "[").replaceAll(" ]", "]");
  if (flat.length <= room - indent.length || typeof value !== "object" || value === null) return flat;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => print(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item, inner, 114 - key.length)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.map((part) => `${inner}${part}`).join(",\n")}\n${indent}${close}`;
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

beforeAll(() => {
  if (process.env["UPDATE_GOLDEN"] !== "1") return;
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replaceAll(
      block,
      (_all, open: string, name: string, _old, close: string) => `${open}${print(json(examples[name]?.()))}${close}`,
    ),
  );
});

it("has every example once", () => {
  const names = [...readFileSync(file, "utf8").matchAll(block)].map(([, , name]) => name ?? "");
  expect(names.length).toBe(Object.keys(examples).length);
  expect(new Set(names)).toEqual(new Set(Object.keys(examples)));
});

it.each(Object.entries(examples))("shows what is written: %s", (name, example) => {
  const found = [...readFileSync(file, "utf8").matchAll(block)].find((match) => match[2] === name);
  expect(JSON.parse(found?.[3] ?? "null")).toEqual(json(example()));
});
