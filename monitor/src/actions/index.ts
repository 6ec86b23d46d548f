export { amqpSystem } from "./amqp-system.ts";
export { audit, auditLog, type AuditEntry } from "./audit.ts";
export type { System } from "./system.ts";
