// What follows a group receives all its results, not one.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { chain, group } from "ligature";

export const signature = chain(
  group(processing.processFile.si("a.csv"), processing.processFile.si("b.csv")),
  catalog.markProcessed.s(1),
);
