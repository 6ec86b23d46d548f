import { ManifestProblem, type Manifest, type ManifestTask } from "../manifest/index.ts";
import { sortKeys, type JsonSchema, type JsonValue } from "../model/json-schema.ts";
import { celerySchemas } from "./celery.ts";
import { deprecatedTag, requestMessage, resultMessage } from "./messages.ts";
import { asyncApiSchema, keyOf, refTo } from "./schemas.ts";

export interface AsyncApiInfo {
  readonly title: string;
  readonly version: string;
}

/**
 * Contracts as an AsyncAPI 3.0.0 document: a channel per queue, a message per task, an operation for whoever
 * serves it. The same contracts give the same bytes, in whatever order they come.
 * @throws ManifestProblem when two contracts or tasks have one name
 */
export function asyncApi(manifests: readonly Manifest[], info: AsyncApiInfo): JsonSchema {
  const tasks = manifests.flatMap((manifest) =>
    Object.entries(manifest.tasks).map(([name, task]): Entry => ({ manifest, name, task })),
  );
  refuseTwins(
    manifests.map(({ contract }) => contract),
    "contracts",
  );
  refuseTwins(
    tasks.map(({ name }) => name),
    "tasks",
  );
  const document: JsonSchema = {
    info: {
      ...info,
      description: `Tasks of ${manifests
        .map(({ contract }) => contract)
        .sort()
        .join(", ")}, as messages of Celery's protocol. Operations are those of the services that run the tasks.`,
    },
    defaultContentType: "application/json",
    channels: { ...channels(tasks), [replyChannel]: replies(tasks) },
    operations: Object.fromEntries(tasks.map((entry) => [keyOf(entry.name), operation(entry)])),
    components: {
      messages: Object.fromEntries(
        tasks.flatMap(({ manifest, name, task }) => [
          [keyOf(name), requestMessage(manifest, name, task)],
          [resultKey(name), resultMessage(manifest, name, task)],
        ]),
      ),
      schemas: {
        ...celerySchemas,
        ...Object.fromEntries(
          manifests.flatMap(({ contract, $defs }) =>
            Object.entries($defs).map(([name, schema]) => [keyOf(`${contract}.${name}`), asyncApiSchema(schema, contract)]),
          ),
        ),
      },
    },
  };
  return { asyncapi: "3.0.0", ...(sortKeys(document) as JsonSchema) };
}

interface Entry {
  readonly manifest: Manifest;
  readonly name: string;
  readonly task: ManifestTask;
}

const replyChannel = "reply-queue";

function resultKey(name: string): string {
  return `${keyOf(name)}.result`;
}

function channels(tasks: readonly Entry[]): Record<string, JsonValue> {
  const queues = [...new Set(tasks.map(({ task }) => task.queue))];
  refuseTwins([...queues, replyChannel], "queues");
  return Object.fromEntries(
    queues.map((queue) => {
      const entries = tasks.filter(({ task }) => task.queue === queue);
      const channel: JsonSchema = {
        address: queue,
        description: `The queue of ${entries
          .map(({ name }) => name)
          .sort()
          .join(", ")}.`,
        messages: Object.fromEntries(entries.map(({ name }) => [keyOf(name), refTo("components", "messages", keyOf(name))])),
        bindings: {
          amqp: {
            is: "queue",
            queue: { name: queue, durable: true, exclusive: false, autoDelete: false },
            bindingVersion: "0.3.0",
          },
        },
      };
      return [keyOf(queue), channel];
    }),
  );
}

function replies(tasks: readonly Entry[]): JsonValue {
  return {
    address: null,
    description: "The caller's own queue, which its request names in the AMQP property reply_to.",
    messages: Object.fromEntries(tasks.map(({ name }) => [resultKey(name), refTo("components", "messages", resultKey(name))])),
  };
}

function operation({ name, task }: Entry): JsonValue {
  const queue = keyOf(task.queue);
  return {
    action: "receive",
    title: name,
    ...(task.description !== undefined && { description: task.description }),
    ...(task.deprecated !== undefined && { tags: [deprecatedTag(task.deprecated)] }),
    channel: refTo("channels", queue),
    messages: [refTo("channels", queue, "messages", keyOf(name))],
    ...(!task.ignoreResult && {
      reply: {
        channel: refTo("channels", replyChannel),
        messages: [refTo("channels", replyChannel, "messages", resultKey(name))],
      },
    }),
  };
}

function refuseTwins(names: readonly string[], what: string): void {
  const twin = names.find((name, index) => names.findIndex((other) => keyOf(other) === keyOf(name)) < index);
  if (twin !== undefined) throw new ManifestProblem(`Two ${what} have the name "${twin}"; one document can't hold both.`);
}
