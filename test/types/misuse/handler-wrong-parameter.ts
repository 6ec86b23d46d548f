// A handler that expects another type of argument.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

app.worker(processing, {
  processFile: () => {
    throw new Error();
  },
  inspectFile: (path: number) => ({ bytes: path, columns: [] }),
});
