// Revokes the access tokens that end with a change of an authorization server: those of issuers that it no longer trusts,
// and of clients that it no longer serves. Introspection judges tokens by the current definitions, so without this they
// would come back with the trust.
import { dropUndefined } from '@crosswalk/protocol'
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
  const selectors = selectLostTrust(before, after)
  if (selectors.length === 0) return
  const target = { kind: 'authorization_server', id: before.id }
  const about = { target, endedSessions: false, onlyIfAny: true }
  await revokeAndRecord(parts, context, about, () => parts.revoker.revokeSelected(selectors))
}

function selectLostTrust(before: Server, after: Server | undefined): readonly TokenSelector[] {
  const server = { authorizationServer: before.id }
  if (after === undefined) return [server]
  const trusted = new Set(after.trustedIssuers.filter(isActive).map(nameTrust))
  const served = new Set(after.clients.filter(isActive).map(({ id }) => id))
  return [
    ...before.trustedIssuers
      .filter((trust) => isActive(trust) && !trusted.has(nameTrust(trust)))
      .map(({ issuer, tenant }) => ({ ...server, issuer, ...dropUndefined({ tenant }) })),
    ...before.clients
      .filter((client) => isActive(client) && !served.has(client.id))
      .map(({ id }) => ({ ...server, clientId: id })),
  ]
}

function isActive({ active }: { readonly active: boolean }): boolean {
  return active
}

function nameTrust({ issuer, tenant }: Server['trustedIssuers'][number]): string {
  return JSON.stringify([issuer, tenant])
}
