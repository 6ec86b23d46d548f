// The wrong data for a declared error.
import { processing } from "@example/processing";

throw new processing.errors.WrongFormat({ line: "3", reason: "no comma" });
