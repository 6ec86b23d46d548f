// The third step does not take what the second returns.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chain } from "ligature";

const notice = { key: "file-1", recipient: "Ada", text: "done" };

export const signature = chain(
  processing.processFile.si("a.csv"),
  notifications.notify.si(notice),
  catalog.markProcessed.s(1),
);
