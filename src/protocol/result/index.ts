/** Results and errors, to and from the wire. */
export { errorFromWire } from "./error-from-wire.ts";
export { exceptionToWire } from "./exception-to-wire.ts";
export { failureOf } from "./failure.ts";
export { decodeResult, encodeResult } from "./result-codec.ts";
export { isFinal, packedResult, storedResult, type StoredResult, type TaskState, type WireException } from "./stored-result.ts";
export { describeThrown, longestMessage } from "./thrown.ts";
export { receivedFailure, type Failure } from "./received-failure.ts";
