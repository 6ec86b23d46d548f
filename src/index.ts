export type { TaskRegistry } from "./generated/index.ts";
export { chain } from "./signature/index.ts";
export type { App } from "./client/app.ts";
