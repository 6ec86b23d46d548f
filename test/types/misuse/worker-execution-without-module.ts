// Functions can't be handed to a thread or process.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, { notify: () => 1, listNotices: () => [] }, { execution: "thread" });
