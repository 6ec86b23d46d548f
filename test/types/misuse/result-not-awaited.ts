// What delay() resolves with is not the task's result yet.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

const result = await app.remote(processing).processFile.delay("a.csv");
export const rows = result.rows;
