// The body takes a pair, the header may have any number of members.
import { processing, type ProcessedFile } from "@example/processing";
import { chord, type Signature } from "ligature";

declare const compare: Signature<[before: ProcessedFile, after: ProcessedFile], Date>;
declare const paths: string[];

export const signature = chord(
  paths.map((path) => processing.processFile.si(path)),
  compare,
);
