// The second step does not take what the first returns.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";
import { chain } from "ligature";

export const signature = chain(processing.inspectFile.si("a.csv"), catalog.markProcessed.s(1));
