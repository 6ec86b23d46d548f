// One of several links does not fit.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).inspectFile.applyAsync(["a.csv"], {
  link: [catalog.markFailed.si(1), catalog.markProcessed.s(1)],
});
