// There are threads and processes.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, new URL("./handlers.js", import.meta.url), { execution: "fiber" });
