// An outcome may be a failure.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

const result = await app.remote(processing).processFile.delay("a.csv");
const outcome = await result.settle();
export const rows = outcome.value.rows;
