// The body takes one result, the header has two.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { chord } from "ligature";

export const signature = chord([processing.processFile.si("a.csv"), processing.processFile.si("b.csv")], catalog.markProcessed.s(1));
