// The same with .pipe().
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";

export const signature = processing.inspectFile.si("a.csv").pipe(catalog.markProcessed.s(1));
