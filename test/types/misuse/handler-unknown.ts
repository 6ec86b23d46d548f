// A handler too many.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, {
  notify: () => 1,
  listNotices: () => [],
  forgetNotices: () => {},
});
