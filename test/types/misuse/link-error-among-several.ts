// One of several error callbacks is built with .s().
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile.applyAsync(["a.csv"], {
  linkError: [catalog.markFailed.si(1), catalog.markFailed.s()],
});
