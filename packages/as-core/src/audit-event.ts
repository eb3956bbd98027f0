// Re-exports the audit event for code that writes events; the protocol package defines it.
export type { AuditEvent } from '@crosswalk/protocol'
