import type { DeliveryModel, ErrorModel, TaskModel } from "../model/contract-model.ts";
import { descriptionOf } from "../model/doc.ts";
import { durationText } from "../model/duration-text.ts";

/** A task's documentation for hovers: its own text, how it is delivered, and the errors that it declares. */
export function taskDoc({ doc, queue, delivery, errors }: TaskModel, declared: readonly ErrorModel[], contract: string): string {
  const lines = (doc ?? "").split("\n");
  const firstTag = lines.findIndex((line) => /^@\w/.test(line));
  const text = (firstTag < 0 ? lines : lines.slice(0, firstTag)).join("\n").trim();
  const tags = firstTag < 0 ? [] : lines.slice(firstTag);
  const throws = errors
    .filter((name) => !tags.some((line) => line.startsWith("@throws") && line.includes(name)))
    .map((name) => {
      const description = descriptionOf(declared.find((error) => error.name === name)?.doc)?.replaceAll(/\s+/g, " ");
      return `@throws \`${contract}.errors.${name}\`${description === undefined ? "" : ` ${description}`}`;
    });
  // Before other tags: an example may be long, and is read last.
  const params = tags.findLastIndex((line) => line.startsWith("@param"));
  const next = tags.findIndex((line, index) => index > params && /^@\w/.test(line));
  const at = next < 0 ? tags.length : next;
  const tagged = [...tags.slice(0, at), ...throws, ...tags.slice(at)];
  return [...(text === "" ? [] : [text, ""]), deliveryText(queue.name, delivery), ...tagged].join("\n");
}

function deliveryText(queue: string, { retry, timeLimit, expires, priority, ack, ignoreResult }: DeliveryModel): string {
  const parts = [`Queue \`${queue}\``];
  if (priority !== undefined) parts.push(`priority ${priority}`);
  if (retry !== undefined && retry.limit > 0) {
    const grows = retry.backoff === "exponential" && retry.delay < retry.maxDelay;
    const delays = grows
      ? `doubling from ${durationText(retry.delay)} to ${durationText(retry.maxDelay)}`
      : durationText(retry.delay);
    const also = retry.on.length === 0 ? "" : `, also on ${retry.on.join(", ")}`;
    parts.push(`${retry.limit === 1 ? "1 retry" : `${retry.limit} retries`}, ${delays} apart${also}`);
  }
  const limits = Object.entries(timeLimit ?? {}).map(([kind, ms]) => `${kind} ${durationText(ms)}`);
  if (limits.length > 0) parts.push(`time limit ${limits.join(", ")}`);
  if (expires !== undefined) parts.push(`expires when not started after ${durationText(expires)}`);
  if (ack === "early") parts.push("runs at most once");
  if (ignoreResult) parts.push("result not kept");
  return `${parts.join("; ")}.`;
}
