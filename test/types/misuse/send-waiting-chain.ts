// A chain whose first step waits, sent on its own.
import { catalog } from "@example/catalog";
import { chain, type App } from "ligature";

declare const app: App;

await app.send(chain(catalog.markProcessed.s(1), catalog.markFailed.si(1)));
