// A report of progress for a task whose contract declares none.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, {
  notify: (notice, ctx) => {
    ctx.progress(50);
    return notice.text.length;
  },
  listNotices: () => [],
});
