// A contract's task where a function is wanted.
import { processing } from "@example/processing";

export const files = ["a.csv"].map(processing.inspectFile);
