/** The errors of every layer: one closed table of codes, and three classes. Depends on nothing. */
export { errorCodes, isErrorCode, type ErrorCode, type ErrorCodeInfo } from "./codes.ts";
export { LigatureError, type LigatureErrorOptions } from "./ligature-error.ts";
export { TaskError, type TaskErrorInit } from "./task-error.ts";
export { ChordError, type ChordErrorInit, type FailedChordMember } from "./chord-error.ts";
export { declareErrorClass, isDeclaredError, type DeclaredError, type DeclaredErrorClass } from "./declared-error.ts";
