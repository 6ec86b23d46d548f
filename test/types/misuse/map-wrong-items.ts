// The task takes a path, not a number.
import { processing } from "@example/processing";
import { map } from "ligature";

export const signature = map(processing.processFile, [1, 2, 3]);
