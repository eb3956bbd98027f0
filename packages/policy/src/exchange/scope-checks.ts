// Scopes: requested ∩ catalogue of the granted resources ∩ connection ∩ approvals ∩ policy limits. Narrowing is
// recorded;
// widening is impossible.
import type { DecisionRecord, ResourceAppDefinition, XaaCode } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import { type DetailsTypes, findDetailsFault } from '../details-types.ts'
import type { Connection } from '../exchange-snapshot.ts'
import type { RequestedAccess } from './request-checks.ts'
import { findHeld } from './scope-approval.ts'

export type Narrowed = DecisionRecord['narrowed'][number]

export interface ScopeOutcome {
  readonly scope: readonly string[]
  readonly narrowed: readonly Narrowed[]
}

/**
 * The scopes of the granted resources; a resource app that lists no resources defines whatever its connection lists.
 */
function catalogueOf(
  { resources }: ResourceAppDefinition,
  granted: readonly string[],
  connection: Connection,
): readonly string[] {
  if (resources.length === 0) return connection.scopes
  return resources.filter(({ id }) => granted.includes(id)).flatMap(({ scopes }) => scopes)
}

export function narrowScope(
  asked: RequestedAccess,
  granted: readonly string[],
  { resourceApp, connection }: { resourceApp: ResourceAppDefinition; connection: Connection },
): ScopeOutcome {
  const catalogue = catalogueOf(resourceApp, granted, connection)
  // A request for details without scopes gets only details: no scope is added (RAR-06).
  const wanted =
    asked.scope.length > 0 || isDetailsAlone(asked)
      ? asked.scope
      : connection.scopes.filter((one) => catalogue.includes(one))
  const narrowed: Narrowed[] = []
  const scope = wanted.filter((one) => {
    if (!catalogue.includes(one))
      narrowed.push({ scope: one, by: `catalogue of ${resourceApp.id}`, code: 'XAA1601' })
    else if (!connection.scopes.includes(one))
      narrowed.push({ scope: one, by: nameScopeSource(connection), code: 'XAA1603' })
    else {
      const held = findHeld(connection, one)
      if (held === undefined) return true
      narrowed.push({ scope: one, by: `approvals of ${connection.id}`, code: held })
    }
    return false
  })
  return { scope: [...new Set(scope)], narrowed }
}

/** A user who is not assigned to the connection has only the scopes of their access grants. */
function nameScopeSource({ id, access }: Connection): string {
  if (access === undefined || access.assignedScopes.length > 0) return `scopes of ${id}`
  const grants = access.grants.map((grant) => grant.id)
  return `access grant${grants.length === 1 ? '' : 's'} ${grants.join(', ')}`
}

/** A policy limit narrows further. */
export function limitScope(
  before: ScopeOutcome,
  limit: { scopes: ReadonlySet<string>; from: (removed: string) => string; code?: XaaCode },
): ScopeOutcome {
  const scope = before.scope.filter((one) => limit.scopes.has(one))
  const cut = before.scope
    .filter((one) => !scope.includes(one))
    .map((one) => ({ scope: one, by: limit.from(one), code: limit.code ?? 'XAA1603' }))
  return { scope, narrowed: [...before.narrowed, ...cut] }
}

/** A grant may consist of authorization details only. */
function isDetailsAlone({ scope, details }: RequestedAccess): boolean {
  return scope.length === 0 && details.length > 0
}

/** Reasons with their own code, used if one of them removed every scope */
const REFUSED_FOR = ['XAA1601', 'XAA1607'] as const

/** An empty grant is a denial (IDP-13). */
export function checkScope(list: Checklist, asked: RequestedAccess, { scope, narrowed }: ScopeOutcome): void {
  if (scope.length > 0) list.pass('scope.granted', { expected: asked.scope, actual: scope })
  else if (isDetailsAlone(asked)) list.notApplicable('scope.granted')
  else {
    const [first] = narrowed
    const isOneReason = narrowed.every(({ code }) => code === first?.code)
    const code = REFUSED_FOR.find((one) => isOneReason && one === first?.code) ?? 'XAA1602'
    list.fail('scope.granted', code, { expected: asked.scope, actual: [] })
  }
}

/**
 * Authorization details are granted whole. The resource app must define their type, its schema must accept them, the
 * connection must list the type, and their locations must be granted resources (RAR-02, RAR-03, RAR-05).
 */
export function checkDetails(
  list: Checklist,
  { details }: RequestedAccess,
  {
    types,
    connection,
    resource,
  }: { types: DetailsTypes | undefined; connection: Connection; resource: readonly string[] },
): void {
  if (details.length === 0) return
  const refused = details
    .map(({ type }) => String(type))
    .filter((type) => types?.has(type) !== true || !connection.authorizationDetailsTypes.includes(type))
  if (refused.length > 0) {
    list.fail('authorization_details', 'XAA1308', {
      expected: connection.authorizationDetailsTypes,
      actual: refused,
    })
    return
  }
  // If a resource app lists no resources, its authorization server alone knows them.
  const fault = findDetailsFault(details, { types, resources: resource.length === 0 ? undefined : resource })
  if (fault === undefined) list.pass('authorization_details')
  else
    list.fail('authorization_details', 'XAA1308', {
      expected: 'what the type and the resources admit',
      actual: fault,
    })
}
