// A contract in place of the task whose result it is.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;
declare const json: unknown;

app.attach(processing, json);
