// A bound argument that doesn't fit.
import { processing } from "@example/processing";

export const signature = processing.processFile.s({ strict: "yes" });
