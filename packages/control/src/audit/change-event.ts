// Audit events for what administrators do: who, what, why, and the difference it made. Differences are computed on
// views, so they never contain a secret.
import type { Collection } from '@crosswalk/admin-api'
import {
  ADMIN_LOG,
  type AuditEvent,
  buildAuditEvent,
  type Clock,
  digest,
  type Ledger,
  type LoggedEvent,
} from '@crosswalk/as-core'
import { dropUndefined, type EpochMs } from '@crosswalk/protocol'
import { createPatch } from 'rfc6902'

import { CONTROLLED } from '../definitions/collections/registry.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import { diffLongLists } from './diff-long-lists.ts'

export interface ObjectDifference {
  readonly verb: 'created' | 'changed' | 'deleted' | 'restored'
  readonly collection: Collection
  readonly id: string
  /** As shown by the API; undefined before creation or after deletion */
  readonly before: Readonly<Record<string, unknown>> | undefined
  readonly after: Readonly<Record<string, unknown>> | undefined
  readonly secretChanged?: boolean
}

/** @returns a builder for the event, called with the revision inside the transaction that makes the change */
export function buildObjectEvent(
  context: AdminContext,
  nowMs: number,
  { verb, collection, id, before, after, secretChanged }: ObjectDifference,
): (revision: number) => LoggedEvent {
  const { kind, category } = CONTROLLED[collection].event
  return (revision) =>
    buildAdminEvent(context, nowMs, {
      type: `${kind}.${verb}`,
      category,
      target: { kind, id },
      change: {
        revision,
        patch: describeDifference(before, after),
        ...(before === undefined ? {} : { before_hash: hashOf(before) }),
        ...(after === undefined ? {} : { after_hash: hashOf(after) }),
        ...(secretChanged === true ? { secret_changed: true } : {}),
      },
    })
}

/** RFC 6902; the whole object if it was created or deleted. */
function describeDifference(before: unknown, after: unknown): readonly unknown[] {
  if (before === undefined) return [{ op: 'add', path: '', value: after }]
  if (after === undefined) return [{ op: 'remove', path: '' }]
  return createPatch(before, after, diffLongLists)
}

function hashOf(value: unknown): string {
  return digest(JSON.stringify(value))
}

export type AdminEvent = Pick<AuditEvent, 'type' | 'category'> &
  Partial<Pick<AuditEvent, 'outcome' | 'severity' | 'target' | 'change' | 'delegation' | 'on_behalf_of'>> &
  Partial<Pick<AuditEvent, 'code' | 'kind' | 'decision_id' | 'trace_id' | 'decision'>>

/** Adds the log, who acted, when, from where and why. */
export function buildAdminEvent(
  { caller, reason, ip, userAgent }: AdminContext,
  nowMs: number,
  { severity = 'notice', ...event }: AdminEvent,
): LoggedEvent {
  return {
    log: ADMIN_LOG,
    event: buildAuditEvent(nowMs, {
      severity,
      outcome: 'success',
      actor: { kind: nameKind(caller), id: caller.id },
      ...referToTarget(event.target),
      ...event,
      ...(reason === undefined ? {} : { reason }),
      source: {
        interface: caller.self === true ? 'pages' : 'api',
        ...dropUndefined({ principal: caller.principal, ip }),
        ...(userAgent === undefined ? {} : { user_agent: userAgent.slice(0, 256) }),
      },
    }),
  }
}

function nameKind({ self, system }: AdminContext['caller']): AuditEvent['actor']['kind'] {
  if (system === true) return 'system'
  return self === true ? 'user' : 'admin'
}

interface Act {
  readonly collection: string
  readonly id: string
  /** Undefined for a removal */
  readonly body?: unknown
  readonly ifRevision?: number
  readonly event: AdminEvent
}

/** Builds a stored change that is committed together with its audit event. */
export function buildAct<A extends Act>(context: AdminContext, at: EpochMs, { event, ...change }: A) {
  return { ...change, at, ...authorOf(context), event: buildAdminEvent(context, at, event) }
}

export interface RecordingParts {
  readonly storage: { readonly ledger: Pick<Ledger, 'commit'> }
  readonly clock: Clock
}

/** For actions that change no object. Durable when it resolves. */
export async function recordAdminEvent(
  { storage, clock }: RecordingParts,
  context: AdminContext,
  event: AdminEvent,
): Promise<void> {
  await storage.ledger.commit(buildAdminEvent(context, clock.nowMs(), event))
}

/** Simulations are logged too: they show what the caller could learn. */
export async function recordSimulation(
  parts: RecordingParts,
  context: AdminContext,
  event: Omit<AdminEvent, 'type' | 'category' | 'severity'>,
): Promise<void> {
  await recordAdminEvent(parts, context, {
    type: 'simulation.run',
    category: 'decision',
    severity: 'info',
    ...event,
  })
}

/** Lets lists filtered by connection or user find the event. */
function referToTarget(
  target: AuditEvent['target'],
): Partial<Pick<AuditEvent, 'delegation' | 'on_behalf_of'>> {
  if (target?.kind === 'connection') return { delegation: { connection: target.id } }
  return target?.kind === 'user' ? { on_behalf_of: { user_ref: target.id } } : {}
}
