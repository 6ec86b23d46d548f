// The same with .pipe(): a member does not take the result of the step before.
import { catalog } from "@example/catalog";
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import { group } from "ligature";

export const signature = processing.processFile.si("a.csv").pipe(group(catalog.markProcessed.s(1), notifications.notify.s()));
