// A member of the group does not take what the second step returns.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chain, group } from "ligature";

const notice = { key: "file-1", recipient: "Ada", text: "done" };

export const signature = chain(
  processing.processFile.si("a.csv"),
  notifications.notify.si(notice),
  group(catalog.markProcessed.s(1), processing.processFile.si("a.csv")),
);
