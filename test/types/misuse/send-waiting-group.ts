// A group, one member of which waits, sent on its own.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { group, type App } from "ligature";

declare const app: App;

await app.send(group(processing.processFile.si("a.csv"), catalog.markProcessed.s(1)));
