// A module with handlers, without where they run.
import { notifications } from "@example/notifications";
import type { App } from "ligature";

declare const app: App;

app.worker(notifications, new URL("./handlers.js", import.meta.url));
