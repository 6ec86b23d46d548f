/** Remote stubs, sending, results. More public types: src/index.ts. */
export type { RevokeOptions, WaitOptions } from "./async-result.ts";
export type { ApplyOptions } from "./remote-task.ts";
export { createClient, type Client } from "./client.ts";
