// A misspelt task name.
import "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.sendTask("processing.procesFile", ["a.csv"]);
