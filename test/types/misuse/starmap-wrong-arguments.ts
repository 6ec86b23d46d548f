// The second list has a wrong option.
import { processing } from "@example/processing";
import { starmap } from "ligature";

export const signature = starmap(processing.processFile, [["a.csv"], ["b.csv", { strict: "yes" }]]);
