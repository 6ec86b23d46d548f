// A misspelt member of an argument.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile("a.csv", { strickt: true });
