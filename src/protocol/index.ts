/** Celery's message protocol 2 as pure functions: no I/O, no clock but what is passed in. */
export type { Headers, HeaderValue, Message, MessageProperties } from "./message.ts";
export { isFinal, type TaskState } from "./states.ts";
export type { StoredResult, WireException } from "./stored-result.ts";
export type { WireSignature, WireSignatureOptions } from "./wire-signature.ts";
export type { Embed, Route, TaskMessage, WireFailure } from "./task-message.ts";
export { decodeTask, encodeTask, newTaskMessage } from "./task-codec.ts";
export { decodeResult, encodeResult } from "./result-codec.ts";
export { packArgs, unpackArgs } from "./arguments.ts";
export { packValue, unpackValue, type Packed } from "./values.ts";
export { exceptionToWire } from "./exception-to-wire.ts";
export { errorFromWire } from "./error-from-wire.ts";
export { failureOf } from "./failure.ts";
export { composeSignature, type ComposeContext, type Composed } from "./compose-signature.ts";
export { routeOf, routeOfTask, taskExchange } from "./routes.ts";
export { signatureToWire } from "./signature-to-wire.ts";
export { successorMessage, type Successor, type SuccessorContext } from "./successor-message.ts";
export { decodeControl, encodeControl, revokeCommand, type ControlCommand } from "./control-codec.ts";
