// Revokes the access tokens that end with a change of an authorization server: those of issuers that it no longer trusts,
// of clients that it no longer serves, and of a code flow that it no longer offers. Introspection judges tokens by the
// current definitions, so without this they would come back with the trust. What users consented to for a removed client
// is forgotten.
import { GRANT_TYPE } from '@crosswalk/protocol'
import type { TokenSelector } from '@crosswalk/resource-as'

import type { DefinitionOf } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from './access-revoker.ts'
import { revokeAndRecord } from './revoke-and-record.ts'

type Server = DefinitionOf<'authorization-servers'>

interface ServerChange {
  readonly before: Server | undefined
  /** Undefined if it was removed */
  readonly after: Server | undefined
}

/** Records nothing if no such token was live. */
export async function revokeLostTrust(
  parts: Parts<'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  { before, after }: ServerChange,
): Promise<void> {
  if (before === undefined) return
  const { id: server } = before
  const left = new Set(after?.clients.map((client) => client.id))
  for (const { id } of before.clients)
    if (!left.has(id)) await parts.storage.consents.forgetClient(server, id)
  const selectors = selectLostTrust(before, after)
  if (selectors.length === 0) return
  const target = { kind: 'authorization_server', id: before.id }
  const about = { target, endedSessions: false, onlyIfAny: true }
  await revokeAndRecord(parts, context, about, () => parts.revoker.revokeSelected(selectors))
}

function selectLostTrust(before: Server, after: Server | undefined): readonly TokenSelector[] {
  const server = { authorizationServer: before.id }
  if (after === undefined) return [server]
  const endsCodeFlow = before.authorizationCode !== undefined && after.authorizationCode === undefined
  const lost: TokenSelector[] = [
    ...before.trustedIssuers.filter(isActive).flatMap((trust) => selectLostTenants(trust, after)),
    ...(endsCodeFlow ? [{ grantType: GRANT_TYPE.authorizationCode }] : []),
    ...before.clients.filter(isActive).flatMap((client) => selectLostClient(client, before, after)),
  ]
  const different = new Map(lost.map((selector) => [JSON.stringify(selector), { ...server, ...selector }]))
  return [...different.values()]
}

/** An entry without a tenant is for all tenants. */
function selectLostTenants(
  { issuer, tenant }: Server['trustedIssuers'][number],
  { trustedIssuers }: Server,
): readonly TokenSelector[] {
  const left = trustedIssuers.filter((it) => isActive(it) && it.issuer === issuer).map((it) => it.tenant)
  if (left.includes(undefined) || (tenant !== undefined && left.includes(tenant))) return []
  if (tenant !== undefined) return [{ issuer, tenant }]
  const exceptTenants = left.filter((it) => it !== undefined)
  return [exceptTenants.length === 0 ? { issuer } : { issuer, exceptTenants }]
}

/** A client may accept only some issuers; by default, it accepts all. */
function selectLostClient(
  { id: clientId, issuers }: Server['clients'][number],
  { trustedIssuers }: Server,
  { clients }: Server,
): readonly TokenSelector[] {
  const after = clients.find((client) => client.id === clientId)
  if (after === undefined || !isActive(after)) return [{ clientId }]
  const accepted = issuers ?? trustedIssuers.map(({ issuer }) => issuer)
  return accepted
    .filter((issuer) => after.issuers?.includes(issuer) === false)
    .map((issuer) => ({ clientId, issuer }))
}

function isActive({ active }: { readonly active: boolean }): boolean {
  return active
}
