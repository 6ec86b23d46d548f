// starmap takes a list of arguments for each run, not one argument.
import { processing } from "@example/processing";
import { starmap } from "ligature";

export const signature = starmap(processing.processFile, ["a.csv", "b.csv"]);
