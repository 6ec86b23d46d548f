// What follows a group receives all its results, not one.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { group } from "ligature";

export const signature = group(processing.processFile.si("a.csv"), processing.processFile.si("b.csv")).pipe(
  catalog.markProcessed.s(1),
);
