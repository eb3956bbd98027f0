// The audit event, where those who write events look for it; its definition is among the words everybody shares.
export type { AuditEvent } from '@crosswalk/protocol'
