import { decodeBody, HeaderReader, isList, isObject, shortTextProblem, type Message } from "../envelope/index.ts";
import { decodeEmbed, emptyEmbed } from "./embed-codec.ts";
import { newTaskMessage } from "./task-codec.ts";
import type { Embed, TaskMessage } from "./task-message.ts";

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

/** Each of its parts by itself: a wrong one doesn't take the others along. */
function salvageEmbed(message: Message, maxPayload: number): Embed {
  if (message.body.byteLength > maxPayload) return emptyEmbed;
  const body = attempt(() => decodeBody(message, maxPayload));
  const embed = isList(body) ? body[2] : undefined;
  if (!isObject(embed)) return emptyEmbed;
  const part = <K extends keyof Embed>(name: K): Embed[K] =>
    (attempt(() => decodeEmbed({ [name]: embed[name] })) ?? emptyEmbed)[name];
  return { callbacks: null, errbacks: part("errbacks"), chain: part("chain"), chord: part("chord") };
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
