import type { JsonSchema } from "../model/json-schema.ts";

/** The parts of Celery's messages that are the same for every task; docs/wire-format.md says more. */
export const celerySchemas: Readonly<Record<string, JsonSchema>> = {
  OtherResult: {
    title: "Any other end or step",
    description: "Undeclared errors, revocations, retries.",
    type: "object",
    properties: {
      task_id: { type: "string" },
      status: { enum: ["FAILURE", "REVOKED", "RETRY"] },
      result: {
        type: "object",
        properties: { exc_type: { type: "string" }, exc_message: {}, exc_module: { type: ["string", "null"] } },
        required: ["exc_type"],
      },
      traceback: { type: ["string", "null"] },
    },
    required: ["task_id", "status"],
  },
  RequestEmbed: {
    title: "Callbacks",
    type: "object",
    properties: {
      callbacks: signatures("Sent with the result when the task succeeds."),
      errbacks: signatures("Sent when the task fails."),
      chain: signatures("The next steps, the last one first."),
      chord: { anyOf: [{ $ref: "#/components/schemas/Signature" }, { type: "null" }] },
      ligature: { type: "object", description: "Types that JSON doesn't have, as superjson annotates them." },
    },
  },
  RequestHeaders: {
    title: "Request headers",
    type: "object",
    properties: {
      lang: { type: "string", description: "What wrote the arguments: ts (Ligature), js, py." },
      task: { type: "string", description: "The task's name." },
      id: { type: "string", description: "The request's id, a UUID." },
      root_id: { type: ["string", "null"] },
      parent_id: { type: ["string", "null"] },
      retries: { type: ["integer", "null"] },
      eta: { type: ["string", "null"], format: "date-time" },
      expires: { type: ["string", "null"], format: "date-time" },
      timelimit: {
        type: ["array", "null"],
        description: "Hard and soft limit in seconds.",
        items: { type: ["number", "null"] },
        minItems: 2,
        maxItems: 2,
      },
      ignore_result: { type: ["boolean", "null"] },
      "ligature-deadline": { type: "integer", description: "When the caller stops waiting, in epoch milliseconds." },
      "ligature-fingerprint": { type: "string", description: "Hash of the task's contract." },
    },
    required: ["id", "task"],
  },
  Signature: {
    title: "A task with its arguments",
    type: "object",
    properties: {
      task: { type: "string" },
      args: { type: "array" },
      kwargs: { type: "object" },
      options: { type: "object" },
      subtask_type: { type: ["string", "null"] },
      immutable: { type: "boolean", description: "If false, the result before it becomes its first argument." },
    },
    required: ["args", "immutable", "kwargs", "options", "subtask_type", "task"],
  },
};

function signatures(description: string): JsonSchema {
  return { description, type: ["array", "null"], items: { $ref: "#/components/schemas/Signature" } };
}
