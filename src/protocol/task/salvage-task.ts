import { decodeExactBody, HeaderReader, isList, isObject, shortTextProblem, type Message } from "../envelope/index.ts";
import { decodeSignature, emptyEmbed, newEmbed } from "./embed-codec.ts";
import { newTaskMessage } from "./task-codec.ts";
import type { Embed, TaskMessage } from "./task-message.ts";
import type { WireSignature } from "./wire-signature.ts";

/**
 * The readable rest of a message that `decodeTask` refuses, so that somebody can be told of it. Undefined when it has no id.
 * Its arguments are left out.
 */
export function salvageTask(message: Message, maxPayload: number): TaskMessage | undefined {
  const headers = new HeaderReader(message.headers);
  const id = attempt(() => headers.requiredId("id"));
  if (id === undefined) return undefined;
  const { correlationId, replyTo } = message.properties;
  return newTaskMessage({
    id,
    task: attempt(() => headers.text("task")) ?? "(unreadable)",
    embed: salvageEmbed(message, maxPayload),
    rootId: attempt(() => headers.text("root_id")) ?? id,
    parentId: attempt(() => headers.text("parent_id")),
    ignoreResult: attempt(() => headers.flag("ignore_result")),
    replyTo: replyTo === "" ? undefined : short(replyTo),
    correlationId: short(correlationId) || id,
    group: attempt(() => headers.groupId("group")),
    groupIndex: attempt(() => headers.count("group_index")),
  });
}

/** Each of its signatures by itself: a wrong one doesn't take the others along. */
function salvageEmbed(message: Message, maxPayload: number): Embed {
  if (message.body.byteLength > maxPayload) return emptyEmbed;
  const body = attempt(() => decodeExactBody(message, maxPayload));
  const embed = isList(body) ? body[2] : undefined;
  if (!isObject(embed)) return emptyEmbed;
  const { errbacks, chain, chord } = embed;
  return newEmbed({ errbacks: salvageList(errbacks), chain: salvageList(chain), chord: salvageSignature(chord) });
}

function salvageList(value: unknown): readonly WireSignature[] {
  return (isList(value) ? value : [value]).flatMap((each) => salvageSignature(each) ?? []);
}

/** Of a task that can't be read, what tells those of its end who wait for it. */
function salvageSignature(value: unknown): WireSignature | undefined {
  const whole = attempt(() => decodeSignature(value, "embed"));
  if (whole !== undefined || !isObject(value) || !isObject(value["options"])) return whole;
  const { task, subtask_type: kind, options } = value;
  if (typeof task !== "string" || (kind !== null && kind !== undefined && kind !== "")) return undefined;
  const kept = ["task_id", "reply_to", "root_id", "link_error", "group_id", "group_index", "chord"].flatMap((name) => {
    const own = { task, options: { [name]: options[name] } };
    return Object.entries(attempt(() => decodeSignature(own, "embed"))?.options ?? {});
  });
  return { task, args: [], kwargs: {}, options: Object.fromEntries(kept), subtask_type: null, immutable: true };
}

/** What AMQP can't carry back is as good as not there. */
function short(text: string | undefined): string | undefined {
  return text === undefined || shortTextProblem(text) !== undefined ? undefined : text;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
