/** The parts of every message: properties, headers, a body of JSON; how bad ones are refused. Control commands need no more. */
export { decodeBody, decodeExactBody, encodeBody, jsonProperties, type EncodedBody } from "./body.ts";
export { bounded, boundedJson } from "./bounded.ts";
export { decodeControl, encodeControl, revokeCommand, revokeRootCommand, type ControlCommand } from "./control-codec.ts";
export { brokerHeaders, customHeaders, isReservedHeader, ligatureHeaders, markHeaders, noHeaders } from "./header-names.ts";
export { HeaderReader } from "./header-reader.ts";
export { readNumbers } from "./exact-number.ts";
export { formatIsoDate, parseIsoDate } from "./iso-date.ts";
export { isDeeper, parseExactJson, stringify } from "./json.ts";
export { maxBoundMeta, maxDepth, maxNesting, maxSignatureDepth, maxValueDepth } from "./limits.ts";
export type { Headers, HeaderValue, Message, MessageProperties } from "./message.ts";
export { decodeRevocation, encodeRevocation, type RevocationEntry } from "./revocation-codec.ts";
export { longestGroupId, maxHeaderDepth, shortTextProblem } from "./short-text.ts";
export { isList, isObject, kindOf, unreadable } from "./unreadable.ts";
