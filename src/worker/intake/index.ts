/** From a queue to a request: consuming, decoding, slots, remote control. */
export { Intake } from "./intake.ts";
export { Slots } from "./slots.ts";
export { KnownRevocations } from "./known-revocations.ts";
export { RemoteControl } from "./remote-control.ts";
export { builtinTask } from "./builtin-task.ts";
export { Ledger } from "./ledger.ts";
export { Losses } from "./losses.ts";
export { Quarantine } from "./quarantine.ts";
export { Consumers, holdTimeoutOf, honoursHoldTimeout, queuesOf } from "./consumers.ts";
