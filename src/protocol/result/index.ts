/** Results and errors, to and from the wire. */
export { errorFromWire } from "./error-from-wire.ts";
export { exceptionToWire } from "./exception-to-wire.ts";
export { failureOf } from "./failure.ts";
export { errorOfLastRun, expiredBetweenRuns, withLastRun } from "./last-run.ts";
export { decodeResult, encodeResult } from "./result-codec.ts";
export { receivedFailure, type Failure } from "./received-failure.ts";
export {
  isFinal,
  packedResult,
  storedResult,
  type ResultDetails,
  type ResultOrigin,
  type StoredResult,
  type TaskState,
  type WireException,
} from "./stored-result.ts";
export { describeThrown, legible, longestMessage } from "./thrown.ts";
