/** A signature made ready to send. */
export { composeSignature, type ComposeContext, type Composed } from "./compose-signature.ts";
export type { GroupPlan, ResultPlan, TaskPlan } from "./result-plan.ts";
export { signatureToWire } from "./signature-to-wire.ts";
