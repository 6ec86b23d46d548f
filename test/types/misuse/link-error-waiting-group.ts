// A group as error callback, one member of which waits for a result that never comes.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { group } from "ligature";

export const signature = processing.processFile.si("a.csv").linkError(group(catalog.markFailed.si(1), catalog.markFailed.s()));
