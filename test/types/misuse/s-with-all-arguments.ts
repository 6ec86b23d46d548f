// The first parameter of .s() is the parent's result, so it is not given.
import { processing } from "@example/processing";

export const signature = processing.processFile.s("a.csv", { strict: true });
