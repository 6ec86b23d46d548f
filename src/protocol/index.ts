/** Celery's message protocol 2 as pure functions: no I/O, no clock but what is passed in. */
export {
  decodeControl,
  encodeControl,
  revokeCommand,
  type ControlCommand,
  type Headers,
  type HeaderValue,
  type Message,
  type MessageProperties,
} from "./envelope/index.ts";
export { packArgs, packValue, unpackArgs, unpackValue, type Packed } from "./values/index.ts";
export {
  decodeTask,
  encodeTask,
  newTaskMessage,
  routeOf,
  routeOfTask,
  salvageTask,
  taskExchange,
  type Embed,
  type Failure,
  type Route,
  type TaskMessage,
  type WireSignature,
  type WireSignatureOptions,
} from "./task/index.ts";
export {
  decodeResult,
  encodeResult,
  errorFromWire,
  exceptionToWire,
  failureOf,
  isFinal,
  type StoredResult,
  type TaskState,
  type WireException,
} from "./result/index.ts";
export {
  chordError,
  chordPartOf,
  chordPartsOfChain,
  joinResults,
  neverRun,
  outgoingBody,
  outgoingOf,
  type ChordMember,
  type ChordPart,
  type NeverRun,
  type Outgoing,
  type OutgoingChord,
  type OutgoingMessage,
  type SuccessorContext,
} from "./continue/index.ts";
export {
  composeSignature,
  signatureToWire,
  type ComposeContext,
  type Composed,
  type GroupPlan,
  type ResultPlan,
  type TaskPlan,
} from "./compose/index.ts";
