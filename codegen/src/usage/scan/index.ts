/** Finds the uses of tasks in a repository's source, by the type checker. Loads ts-morph: import it when it is needed. */
export { readUsage, type UsageOptions } from "./read-usage.ts";
