// A handler that returns something other than what its contract promises.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

app.worker(processing, {
  processFile: () => {
    throw new Error();
  },
  inspectFile: async (path) => ({ bytes: path, columns: [] }),
});
