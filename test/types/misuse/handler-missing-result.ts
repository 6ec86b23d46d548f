// A handler that forgets to return a member.
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;

app.worker(processing, {
  processFile: () => {
    throw new Error();
  },
  inspectFile: () => ({ bytes: 3 }),
});
