/** Planning: from a contract model to the names of everything that will be printed. */
export { planOf, type ImportPlan, type Plan, type RuntimeType, type TypePlan } from "./plan.ts";
export { isIdentifier, labelOf } from "./identifiers.ts";
