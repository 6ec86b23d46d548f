// The same with the .linkError() of a signature.
import { catalog } from "@example/catalog";
import { processing } from "@example/processing";

export const signature = processing.processFile.si("a.csv").linkError(catalog.markFailed.s());
