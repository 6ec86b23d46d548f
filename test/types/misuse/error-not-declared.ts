// An error that the contract does not declare.
import { processing } from "@example/processing";

throw new processing.errors.WrongFromat({ line: 3, reason: "no comma" });
