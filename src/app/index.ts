/** Apps: what a program opens. An app has stubs and results (client/), and hosts workers (worker/). */
export type { App, RunInterceptors, SentResult } from "./app.ts";
export type { AppHealth } from "./app-health.ts";
export { setLaunch, type Launch } from "./launch.ts";
export type { AppInterceptors, AppOptions } from "./app-options.ts";
export { createApp } from "./create-app.ts";
