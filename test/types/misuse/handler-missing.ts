// A worker without one of its contract's handlers.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, {
  notify: () => 1,
});
