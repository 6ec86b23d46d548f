// The same in the fourth step and after: the compiler speaks of the whole group.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chain, group } from "ligature";

const notice = { key: "file-1", recipient: "Ada", text: "done" };

export const signature = chain(
  notifications.notify.si(notice),
  notifications.notify.si(notice),
  processing.processFile.si("a.csv"),
  group(catalog.markProcessed.s(1), notifications.notify.s()),
);
