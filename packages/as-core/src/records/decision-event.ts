// Builds the audit event of a decision: the record in the envelope that logs and streams expect.
import type { AuditEvent } from './audit-event.ts'
import type { StoredDecision } from './stored-decision.ts'
import { newId } from './ids.ts'
import { digest } from '../sealing/digest.ts'

export interface IssuedToken {
  readonly jti: string
  readonly lifetimeSeconds: number
}

export interface StoredDecisionParts extends Pick<StoredDecision, 'record' | 'type' | 'source'> {
  readonly issued?: IssuedToken | undefined
  readonly grantId?: string | undefined
}

export function buildStoredDecision({
  record,
  type,
  source,
  issued,
  grantId,
}: StoredDecisionParts): StoredDecision {
  return {
    id: newId('evt'),
    type,
    issued:
      issued === undefined
        ? undefined
        : { jtiHash: digest(issued.jti), lifetimeSeconds: issued.lifetimeSeconds },
    grantId,
    source,
    record,
  }
}

export function buildDecisionEvent({
  id,
  type,
  issued,
  grantId,
  source,
  record,
}: StoredDecision): AuditEvent {
  const { requesting_app: app, subject, audience } = record.request
  const { connection, resource_app: resourceApp, account } = record.resolution
  const granted = record.granted
  return {
    schema: 'xaa.event/v1',
    id,
    time: record.time,
    type,
    category: 'decision',
    severity: record.outcome === 'allow' ? 'info' : 'notice',
    outcome: record.outcome,
    code: record.code,
    kind: record.kind,
    actor: {
      kind: app?.kind === 'agent' ? 'agent' : 'app',
      id: app?.id ?? 'unknown',
      ...(app === null ? {} : { client_id: app.client_id }),
    },
    ...(subject?.ref === undefined
      ? {}
      : {
          on_behalf_of: {
            user_ref: subject.ref,
            subject_at_resource_ref: account,
          },
        }),
    ...(resourceApp === undefined
      ? {}
      : {
          target: {
            kind: 'resource_app',
            id: resourceApp,
            audience,
            resource: granted?.resource ?? record.request.resource,
          },
        }),
    action: {
      verb: record.stage,
      scopes_requested: record.request.scope,
      scopes_granted: granted?.scope ?? [],
    },
    delegation: {
      connection,
      ...(subject?.issuer === undefined ? {} : { issuer: subject.issuer }),
      grant_id: grantId,
      actor: record.request.actor?.ref,
    },
    ...(issued === undefined
      ? {}
      : {
          token: {
            jti_hash: issued.jtiHash,
            lifetime_s: issued.lifetimeSeconds,
            ...(granted === null ? {} : { audience: granted.audience }),
          },
        }),
    decision_id: record.decision_id,
    trace_id: record.trace_id,
    source,
    latency_ms: record.timing_ms === undefined ? undefined : record.timing_ms.total,
    decision: record,
  }
}
