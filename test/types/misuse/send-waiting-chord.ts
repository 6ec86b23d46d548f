// A chord whose header waits, sent on its own.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { chord, type App } from "ligature";

declare const app: App;
const notice = { key: "file-1", recipient: "Ada", text: "done" };

await app.send(chord([catalog.markProcessed.s(1)], notifications.notify.si(notice)));
