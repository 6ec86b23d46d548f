// How many runs go into one request?
import { processing } from "@example/processing";
import { chunks } from "ligature";

export const signature = chunks(processing.processFile, [["a.csv"], ["b.csv"]]);
