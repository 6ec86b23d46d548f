// The same for a worker.
import { notifications } from "@example/notifications/contract";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, {
  notify: () => 1,
  listNotices: () => [],
});
