// A signature that waits for a parent's result, sent on its own.
import { catalog } from "@example/catalog";
import type { App } from "ligature";

declare const app: App;

await app.send(catalog.markProcessed.s(1));
