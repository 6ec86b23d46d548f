// A report of progress that is not what the contract says.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

app.worker(processing, {
  processFile: (path, options, ctx) => {
    ctx.progress(50);
    throw new Error(`${path} ${options?.strict}`);
  },
  inspectFile: () => ({ bytes: 0, columns: [] }),
});
