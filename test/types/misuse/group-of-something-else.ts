// A call in place of a signature.
import { processing } from "@example/processing";
import { group } from "ligature";

export const signature = group(processing.processFile.si("a.csv"), "b.csv");
