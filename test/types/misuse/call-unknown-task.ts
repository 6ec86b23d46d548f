// A task that the contract does not have.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

await app.remote(processing).proccessFile("a.csv");
