import { processing, type WrongFormat } from "@example/processing";
import type { Failure } from "ligature";

/** What a person should read about a file that processing refused. */
export function wrongFormatReason({ line, reason }: WrongFormat): string {
  return `line ${line}: ${reason}`;
}

/** What a person should read about a processFile that failed, from what an error callback knows. */
export function failureReason(failure: Failure | undefined): string {
  // A Python worker would call back without saying why.
  if (failure === undefined) return "processing failed";
  const { error } = failure;
  if (error instanceof processing.errors.WrongFormat) return wrongFormatReason(error.data);
  return `${error.name}: ${error.message}`;
}
