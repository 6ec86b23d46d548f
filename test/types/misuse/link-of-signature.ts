// The same with the .link() of a signature.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";

export const signature = processing.inspectFile.si("a.csv").link(catalog.markProcessed.s(1));
