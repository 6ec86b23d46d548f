// An error callback built with .s(): it would wait for a result that never comes.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile.applyAsync(["a.csv"], { linkError: catalog.markFailed.s() });
