// Another result than that of the task.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;
declare const json: unknown;

export const rows: number = await app.attach(processing.processFile, json).get();
