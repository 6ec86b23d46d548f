import { readFileSync } from "node:fs";
import { beforeEach, expect, it } from "vitest";
import { newTaskMessage, type TaskMessage, type WireSignature } from "../../../../src/dist/protocol/index.js";
import { restartIds, start, transmit } from "../support.ts";

/**
 * Starting a signature that a Celery app has made: the same messages as Celery itself sends. celery-canvas.py writes the
 * samples, with what Celery 5.2.6 sends for each.
 */
interface Sent {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly embed: TaskMessage["embed"];
  readonly group: string | null;
  readonly group_index: number | null;
  readonly priority: number | null;
  readonly queue: string;
}
interface Sample {
  readonly name: string;
  readonly signature: WireSignature;
  readonly sent: readonly Sent[];
  /** Of each chord: members of its header. */
  readonly sizes: readonly number[];
}

const { samples } = JSON.parse(readFileSync(new URL("celery-canvas.json", import.meta.url), "utf8")) as {
  readonly samples: readonly Sample[];
};

beforeEach(restartIds);

/** What a signature will do: its tasks, arguments and order, whichever way that is written. */
function outline(signature: WireSignature): unknown {
  const { subtask_type: kind, kwargs, options, task, args } = signature;
  const [only, second] = kind === "chain" ? (kwargs["tasks"] as WireSignature[]) : [];
  if (only !== undefined && second === undefined) return outline(only);
  if (kind === "chain" || kind === "group") return { [kind]: (kwargs["tasks"] as WireSignature[]).map(outline) };
  if (kind === "chord") {
    const { header, body } = kwargs as { header: WireSignature | WireSignature[]; body: WireSignature };
    const members = Array.isArray(header) ? header : (header.kwargs["tasks"] as WireSignature[]);
    // The members' places are written when the chord is started.
    return { chord: members.map((member) => outline({ ...member, options: {} })), body: outline(body) };
  }
  const own = {
    task,
    args,
    ...(options.chord !== undefined && { chord: outline(options.chord) }),
    ...(options.link_error !== undefined && options.link_error.length > 0 && { errbacks: options.link_error.map(outline) }),
  };
  // Celery's way to say that a chord's body is followed by something.
  const { chain = [] } = options;
  return chain.length === 0 ? own : { chain: [own, ...chain.toReversed().map(outline)] };
}

const list = (signatures: readonly WireSignature[] | null): unknown => (signatures ?? []).map(outline);

function outlineOf(
  messages: readonly (Omit<Sent, "embed" | "group_index"> & Pick<Sent, "embed"> & { index: number | null })[],
): unknown {
  const groups = [...new Set(messages.map(({ group }) => group))].filter((group) => group !== null);
  return messages.map(({ task, args, kwargs, embed, group, index, priority, queue }) => ({
    task,
    args,
    kwargs,
    chain: list(embed.chain),
    errbacks: list(embed.errbacks),
    callbacks: list(embed.callbacks),
    chord: embed.chord === null ? null : outline(embed.chord),
    group: group === null ? null : groups.indexOf(group),
    // Celery numbers the members of headers only.
    index: embed.chord === null ? null : index,
    priority,
    queue,
  }));
}

it.each(samples.map((sample) => [sample.name, sample] as const))("%s", (_name, { signature, sent, sizes }) => {
  const received = transmit(newTaskMessage({ id: "parent", task: "p", embed: embedOf(signature) })).embed.callbacks?.[0];
  if (received === undefined) throw new Error("nothing was received");
  const { messages, chords } = start(received, { result: { json: "result" }, defaultQueue: "celery" });
  expect(
    outlineOf(
      messages.map(({ message, route }) => ({
        ...message,
        group: message.group ?? null,
        index: message.groupIndex ?? null,
        priority: message.priority ?? null,
        queue: route.routingKey,
      })),
    ),
  ).toEqual(outlineOf(sent.map((one) => ({ ...one, index: one.group_index }))));
  // Inner chords begin before or after outer ones; what counts is what they are.
  const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((one, other) => one - other);
  expect(sorted(chords.map(({ size }) => size))).toEqual(sorted(sizes));
});

function embedOf(callback: WireSignature): TaskMessage["embed"] {
  return { callbacks: [callback], errbacks: null, chain: null, chord: null };
}
