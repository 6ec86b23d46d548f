import { notifications, type NotificationsHandlers } from "@example/notifications";
import type { App, TaskContext, Worker } from "ligature";
import { same } from "./same.ts";

/** What a module exports: parameters and the context are inferred as in `app.worker`. */
export default {
  notify: (notice, ctx) => {
    same<typeof notice.text, string>(true);
    same<typeof ctx, TaskContext>(true);
    return 1;
  },
  listNotices: () => [],
} satisfies NotificationsHandlers;

export function pooled(app: App): Worker {
  return app.worker(notifications, new URL("./handler-module.js", import.meta.url), {
    execution: "process",
    concurrency: 2,
    maxTasksPerChild: 100,
    maxMemoryPerChild: 512 * 1024 * 1024,
  });
}
