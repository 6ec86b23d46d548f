// The same with the members in an array.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chain, group } from "ligature";

export const signature = chain(
  processing.processFile.si("a.csv"),
  group([catalog.markProcessed.s(1), notifications.notify.s()]),
);
