// A handler that expects another type of argument.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, {
  notify: () => 1,
  listNotices: (recipient: number) => {
    console.log(recipient);
    return [];
  },
});
