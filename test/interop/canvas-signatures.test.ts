import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { beforeAll, expect, it } from "vitest";
import { composeSignature, signatureToWire, type WireSignature } from "../../src/dist/protocol/index.js";
import { celeryPython } from "../support/celery.ts";
import { patience } from "../support/patience.ts";
import { ours } from "../unit/protocol/contract.ts";
import { anyChain, anyChord, anyGroup } from "../unit/protocol/support.ts";

/** Signatures of ours that a Celery worker publishes: what it makes of them. Nothing is sent. */
interface Sent {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly embed: { readonly chain: readonly WireSignature[] | null; readonly chord: WireSignature | null };
  readonly id: string;
  readonly root: string;
  readonly group: string | null;
  readonly index: number | null;
  readonly replyTo: string;
  readonly exchange: string | null;
  readonly routingKey: string | null;
}

const next = ours.s("done");
const at = new Date(0);

function stepOf(): WireSignature {
  let id = 0;
  const signature = anyChain(ours.si("done", 1), anyGroup(next, anyChain(next, next)), next);
  const { messages } = composeSignature(signature["~signature"], { now: 0, newId: () => `id-${++id}`, replyTo: "replies" });
  const step = messages[0]?.message.embed.chain?.at(-1);
  if (step === undefined) throw new Error("no step");
  return step;
}

const callbacks = {
  group: anyGroup(next, ours.s("done", at), ours.si("plain", "x")),
  chord: anyChord([next, ours.s("plain")], ours.s("done", at)),
  nested: anyChord([anyChord([next, next], next), anyChain(next, ours.s("plain"))], anyChain(next, next)),
  joined: anyChain(next, anyGroup(anyGroup(next, next), next)).link(next),
};
const given: Readonly<Record<string, WireSignature>> = {
  ...Object.fromEntries(Object.entries(callbacks).map(([name, signature]) => [name, signatureToWire(signature["~signature"])])),
  step: stepOf(),
};

let sent: Readonly<Record<string, readonly Sent[]>>;

beforeAll(async () => {
  const answers = JSON.parse(await readByCelery(JSON.stringify(Object.values(given)))) as (readonly Sent[])[];
  sent = Object.fromEntries(Object.keys(given).map((name, index) => [name, answers[index] ?? []]));
});

async function readByCelery(signatures: string): Promise<string> {
  const script = fileURLToPath(new URL("read_signatures.py", import.meta.url));
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(await celeryPython(), [script], { timeout: patience, env });
  // One that ends before it reads says why.
  child.stdin.on("error", () => {});
  child.stdin.end(signatures);
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === "") throw new Error(`Celery could not read the signatures:\n${complaints}`);
  return output;
}

it("sends each member of a group, by our exchange, with the result before its own arguments", () => {
  expect(sent["group"]).toMatchObject([
    { task: "ours.done", args: ["result"], exchange: "ligature", routingKey: "ours", root: "root" },
    { task: "ours.done", args: ["result", "1970-01-01T00:00:00.000Z"], exchange: "ligature", routingKey: "ours" },
    { task: "ours.plain", args: ["x"], exchange: "ligature", routingKey: "ours" },
  ]);
  expect(new Set(sent["group"]?.map(({ group }) => group)).size).toBe(1);
});

it("gives each member of a header its place and the body", () => {
  expect(sent["chord"]).toMatchObject([
    { task: "ours.done", index: 0, embed: { chord: { task: "ours.done", args: ["1970-01-01T00:00:00.000Z"] } } },
    { task: "ours.plain", index: 1, embed: { chord: { task: "ours.done" } } },
  ]);
});

it("keeps what is nested", () => {
  expect(sent["nested"]?.map(({ index, embed }) => [index, embed.chord?.task, embed.chord?.options.chord?.subtask_type])).toEqual(
    [
      [0, "ours.done", "chain"],
      [1, "ours.done", "chain"],
      [null, undefined, undefined],
    ],
  );
  const [chained] = sent["nested"]?.at(-1)?.embed.chain ?? [];
  expect(chained).toMatchObject({ task: "ours.plain", options: { group_index: 1, chord: { subtask_type: "chain" } } });
});

it("joins a nested group by its own task", () => {
  const [first] = sent["joined"] ?? [];
  const [chord] = first?.embed.chain ?? [];
  expect(chord?.kwargs["body"]).toMatchObject({
    task: "celery.accumulate",
    kwargs: { index: 0 },
    options: { link: [{ task: "ours.done" }] },
  });
});

it("keeps the ids and reply queues that a chain's later steps have", () => {
  expect(sent["step"]).toMatchObject([
    { id: "id-4", index: 0, replyTo: "replies", embed: { chord: { options: { task_id: "id-1" } } } },
    {
      id: "id-6",
      replyTo: "replies",
      embed: { chain: [{ options: { task_id: "id-5", group_index: 1, chord: { options: { task_id: "id-1" } } } }] },
    },
  ]);
});
