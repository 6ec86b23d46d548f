export { amqpSystem } from "./amqp-system.ts";
export { auditLog, auditPage, type AuditEntry } from "./audit.ts";
export { maxRevoked, openIds, openIdsOfFlow, revokeAll, type Revoked } from "./revoke.ts";
export type { System } from "./system.ts";
