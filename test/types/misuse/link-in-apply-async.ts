// A link whose first parameter is not what the task returns: inspectFile returns no ProcessedFile.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).inspectFile.applyAsync(["a.csv"], { link: catalog.markProcessed.s(1) });
