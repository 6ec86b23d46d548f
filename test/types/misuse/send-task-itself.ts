// A task in place of its signature.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.send(processing.processFile);
