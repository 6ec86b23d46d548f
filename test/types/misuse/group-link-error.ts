// An error callback that waits for a result that never comes.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { group } from "ligature";

export const signature = group(processing.processFile.si("a.csv")).linkError(catalog.markFailed.s());
