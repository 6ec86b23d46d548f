// A duration that is none.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile.with({ timeout: "45 minutes" })("a.csv");
