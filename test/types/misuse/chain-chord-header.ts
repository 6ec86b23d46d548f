// A member of the chord's header does not take what the step before returns.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chain, chord } from "ligature";

const notice = { key: "file-1", recipient: "Ada", text: "done" };

export const signature = chain(
  processing.processFile.si("a.csv"),
  chord([catalog.markProcessed.s(1), notifications.notify.s()], notifications.notify.si(notice)),
);
