// The members wait for different things; one result can't be both.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { chain, group } from "ligature";

export const signature = chain(
  processing.processFile.si("a.csv"),
  group(catalog.markProcessed.s(1), notifications.notify.s()),
);
