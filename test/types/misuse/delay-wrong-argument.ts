// A wrong argument of a call that is not awaited.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile.delay(["a.csv"]);
