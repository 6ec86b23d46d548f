// An error callback built with .s() and all its arguments: the first one is left to the parent's result.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile.applyAsync(["a.csv"], { linkError: catalog.markFailed.s(17) });
