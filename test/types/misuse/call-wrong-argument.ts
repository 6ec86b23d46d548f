// A wrong argument of a call.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile(42);
