/**
 * What a contract package imports: `contract()` and `task()`. No broker, no client, no zod is reachable
 * from here, so a contract package stays a few kilobytes.
 */
export { contract, isContractDefinition, type ContractDefinition, type ContractOptions, type ContractSpec } from "./contract.ts";
export { task, isTaskDefinition, type TaskDefinition, type TaskOptions } from "./task.ts";
export type { TaskSpec } from "./task-spec.ts";
export type { ParamSpec } from "./task-schemas.ts";
export type { QueueOptions, QueueSpec } from "./queue.ts";
export type { Allowed } from "./allow.ts";
export { retryDelay, type CompiledRetryPolicy, type RetryPolicy } from "./retry-policy.ts";
export { longestDuration, milliseconds, type Duration } from "./duration.ts";
export {
  formatIssues,
  isSchema,
  parseWith,
  schemaDef,
  type InputOf,
  type Issue,
  type OutputOf,
  type Parsed,
  type SchemaLike,
} from "./schema.ts";
export { anything, argumentsOf, listOf, nothing, tupleOf } from "./made-schemas.ts";
export { reservedWords } from "./names.ts";
export { mayBeMissing } from "./optionality.ts";
export { acceptsItsOutput } from "./schema-kinds.ts";
export { parseArguments, parseResult } from "./validate.ts";
