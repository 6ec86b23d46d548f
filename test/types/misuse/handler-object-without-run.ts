// A handler with hooks but without run.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, {
  notify: { onFailure: () => {} },
  listNotices: () => [],
});
