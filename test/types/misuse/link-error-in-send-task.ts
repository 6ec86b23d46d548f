// The same when the task is sent by its name.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.sendTask("processing.processFile", ["a.csv"], { linkError: catalog.markFailed.s() });
