import type { Manifest, ManifestParam, ManifestTask } from "../manifest/index.ts";
import type { JsonSchema, JsonValue } from "../model/json-schema.ts";
import { asyncApiSchema, refTo } from "./schemas.ts";

/** The message that asks for a task: Celery's headers, and its body of arguments, keyword arguments and callbacks. */
export function requestMessage(manifest: Manifest, name: string, task: ManifestTask): JsonSchema {
  return {
    name,
    title: task.key,
    ...(task.description !== undefined && { description: task.description }),
    contentType: "application/json",
    headers: {
      allOf: [refTo("components", "schemas", "RequestHeaders"), { type: "object", properties: { task: { const: name } } }],
    },
    payload: {
      type: "array",
      items: [argumentsOf(task, manifest.contract), keywordArguments, refTo("components", "schemas", "RequestEmbed")],
      minItems: 3,
      maxItems: 3,
      additionalItems: false,
    },
    correlationId: { location: "$message.header#/id" },
    "x-ligature": extras(task),
    ...(task.deprecated !== undefined && { tags: [deprecatedTag(task.deprecated)] }),
  };
}

/** What a caller gets: one message per state of the task. */
export function resultMessage(manifest: Manifest, name: string, task: ManifestTask): JsonSchema {
  const states: JsonValue[] = [
    state("SUCCESS", task.returns === null ? { type: "null" } : asyncApiSchema(task.returns, manifest.contract)),
    ...Object.entries(task.errors).map(([error, data]) =>
      state("FAILURE", {
        type: "object",
        title: error,
        properties: {
          exc_type: { const: error },
          exc_module: { const: manifest.contract },
          exc_message: {},
          ligature: { type: "object", properties: { data: asyncApiSchema(data, manifest.contract) }, required: ["data"] },
        },
        required: ["exc_type", "exc_module", "ligature"],
      }),
    ),
    refTo("components", "schemas", "OtherResult"),
  ];
  if (task.progress !== null) states.push(state("PROGRESS", asyncApiSchema(task.progress, manifest.contract)));
  return {
    name: `${name} result`,
    title: `Result of ${name}`,
    contentType: "application/json",
    payload: { anyOf: states },
    correlationId: { location: "$message.payload#/task_id" },
  };
}

export function deprecatedTag(deprecated: string | true): JsonSchema {
  return { name: "deprecated", ...(deprecated !== true && { description: deprecated }) };
}

/** Positional; an argument that may be left out may also be null, or be missing at the end. */
function argumentsOf({ params }: ManifestTask, contract: string): JsonSchema {
  const required = params.findLastIndex(({ optional }) => !optional) + 1;
  return {
    type: "array",
    title: "Arguments",
    ...(params.length > 0 && { items: params.map((param) => argument(param, contract)) }),
    minItems: required,
    maxItems: params.length,
  };
}

function argument({ name, optional, schema }: ManifestParam, contract: string): JsonSchema {
  const type = asyncApiSchema(schema, contract);
  return { title: name, ...(optional ? { anyOf: [type, { type: "null" }] } : { allOf: [type] }) };
}

const keywordArguments: JsonSchema = {
  type: "object",
  title: "Keyword arguments",
  description: "Ligature sends none; Python callers may.",
};

function state(status: string, result: JsonSchema | boolean): JsonSchema {
  return {
    type: "object",
    title: status,
    properties: { task_id: { type: "string" }, status: { const: status }, result, traceback: { type: ["string", "null"] } },
    required: ["task_id", "status", "result"],
  };
}

/** What AsyncAPI has no words for. Times in milliseconds. */
function extras(task: ManifestTask): JsonSchema {
  const { fingerprint, priority, retry, timeLimit, expires, ack, ignoreResult } = task;
  return JSON.parse(JSON.stringify({ fingerprint, ack, ignoreResult, priority, retry, timeLimit, expires })) as JsonSchema;
}
