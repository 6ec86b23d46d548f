// A wrong argument of a task that is sent by its name.
import "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.sendTask("processing.processFile", [42]);
