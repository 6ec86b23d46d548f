// The same when the task is sent by its name.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.sendTask("processing.inspectFile", ["a.csv"], { link: catalog.markProcessed.s(1) });
