// A misspelt option.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile.with({ timeOut: "45m" })("a.csv");
