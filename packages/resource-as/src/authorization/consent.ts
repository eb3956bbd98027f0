// What users consented to: whether an app may get a code without asking again, and what is stored after consent.
import { buildAuditEvent, type EventRecorder } from '@crosswalk/as-core'
import { type RedemptionSnapshot, type UserOrigin } from '@crosswalk/policy'
import { type EpochMs, findOwn, type Granted } from '@crosswalk/protocol'

import type { Consent, Consents } from '../ports.ts'

export interface ConsentParts {
  readonly consents: Consents | undefined
  readonly snapshot: RedemptionSnapshot
  readonly accountId: string
  readonly granted: Granted
}

/** @returns whether the user consented to all of it before */
export async function isConsented({
  consents,
  snapshot,
  accountId,
  granted,
}: ConsentParts): Promise<boolean> {
  const known = await consents?.find(snapshot.id, accountId, granted.client_id)
  if (known === undefined) return false
  return Object.entries(listAsked(granted, snapshot)).every(([resource, scopes]) => {
    const before = findOwn(known, resource)
    return before !== undefined && scopes.every((scope) => before.includes(scope))
  })
}

/** Adds to what the user granted the same app before. */
export async function rememberConsent({
  consents,
  snapshot,
  accountId,
  granted,
}: ConsentParts): Promise<void> {
  if (consents === undefined) return
  const known = (await consents.find(snapshot.id, accountId, granted.client_id)) ?? {}
  const added = Object.entries(listAsked(granted, snapshot)).map(([resource, scopes]) => {
    const before = findOwn(known, resource) ?? []
    return [resource, [...new Set([...before, ...scopes])]] as const
  })
  await consents.remember(snapshot.id, accountId, granted.client_id, {
    ...known,
    ...Object.fromEntries(added),
  })
}

/** A scope applies to the resources that define it. */
export function listAsked({ resource, scope }: Granted, { resources }: RedemptionSnapshot): Consent {
  return Object.fromEntries(
    resource.map((id) => [id, scope.filter((one) => resources.get(id)?.scopes.includes(one) === true)]),
  )
}

export interface ConsentEvent {
  readonly verb: 'given' | 'declined'
  readonly user: (UserOrigin & { readonly subject: string }) | undefined
  readonly accountId: string
  readonly granted: Granted
  readonly server: string
  readonly nowMs: EpochMs
}

export async function recordConsent(
  events: EventRecorder,
  { verb, user, accountId, granted, server, nowMs }: ConsentEvent,
): Promise<void> {
  await events.record(
    buildAuditEvent(nowMs, {
      type: `consent.${verb}`,
      category: 'governance',
      severity: 'info',
      outcome: 'success',
      actor: { kind: 'user', id: accountId },
      on_behalf_of: { user_ref: user?.subject ?? accountId, subject_at_resource_ref: accountId },
      target: { kind: 'resource_app', id: server, resource: granted.resource },
      action: { verb: `consent.${verb}`, scopes_requested: granted.scope },
      change: { client_id: granted.client_id },
      source: { interface: 'protocol' },
    }),
  )
}
