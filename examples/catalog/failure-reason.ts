import { processing, type WrongFormat } from "@example/processing";
import { WrongFormat as WrongFormatSchema } from "@example/processing/contract";
import type { Failure } from "ligature";

/** What a person should read about a file that processing refused. */
export function wrongFormatReason({ line, reason }: WrongFormat): string {
  return `line ${line}: ${reason}`;
}

/** What a person should read about a processFile that failed, from what an error callback knows. */
export function failureReason(failure: Failure | undefined): string {
  // A Python worker would call back without saying why.
  if (failure === undefined) return "processing failed";
  const { name, message, data } = failure.error;
  if (name === processing.errors.WrongFormat.errorName) {
    const wrongFormat = WrongFormatSchema.safeParse(data);
    if (wrongFormat.success) return wrongFormatReason(wrongFormat.data);
  }
  return `${name}: ${message}`;
}
