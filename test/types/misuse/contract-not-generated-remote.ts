// The hand-written contract where the generated one is needed.
import { processing } from "@example/processing/contract";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).processFile("a.csv");
