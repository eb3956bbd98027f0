// Previews a draft connection: what the token endpoint would decide for one user, and the token it would issue. Uses
// the code of the endpoint.
import { MAX_PARAMETERS } from '@crosswalk/as-core'
import { compareSources, compileExchangeSnapshot, type ExchangeSnapshot } from '@crosswalk/policy'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import type { Handlers } from '../../http/context.ts'
import { countVolume } from '../../simulate/count-volume.ts'
import { showDecision } from '../../audit/decision-tiers.ts'
import { findUserId } from '../../definitions/users/find-user-id.ts'
import type { Parts } from '../../parts.ts'
import { conflict, forbidden, noIdentityProvider } from '../../http/problem.ts'
import { isInScope } from '../../http/scope.ts'
import { simulateExchange } from '../../simulate/simulated-exchange.ts'
import { previewToken } from '../../simulate/token-preview.ts'

export function createConnectionPreviewHandler(
  parts: Parts<'directory' | 'storage' | 'clock' | 'sealing'>,
): Handlers['connections.preview'] {
  return async ({ body }, { caller }) => {
    const { connection } = body
    if (!isInScope(caller, 'connections', connection)) return forbidden('Your role covers other apps.')
    const { exchange, world, users } = parts.directory.current()
    if (exchange === undefined) return noIdentityProvider()
    const resourceApp = body.resourceApp ?? world['resource-apps'].get(connection.resourceApp)?.definition
    if (resourceApp === undefined) return conflict(`There is no resource app ${connection.resourceApp}.`)
    const userId = await findUserId(parts.directory.current(), body.user)
    const snapshot = overlay(exchange, { connection, resourceApp })
    const nowMs = parts.clock.nowMs()
    const user = await users.findOneForExchange(userId, snapshot.comparedSources)
    const decision = simulateExchange({
      input: {
        app: connection.app,
        audience: resourceApp.issuer,
        // A token request cannot have more parameters either.
        ...(connection.resources.length === 0
          ? {}
          : { resource: connection.resources.slice(0, MAX_PARAMETERS) }),
        ...(connection.scopes.length === 0 ? {} : { scope: [...connection.scopes] }),
      },
      userId,
      user,
      snapshot,
      nowMs,
      volumeLastHour: await countVolume(parts, snapshot, { app: connection.app, user: userId, nowMs }),
    })
    const signIn = { userId, authTime: Math.floor(nowMs / 1000) }
    const token = previewToken(parts, { decision, snapshot, user, signIn, nowMs })
    return { status: 200, body: { decision: showDecision(decision, caller), token } }
  }
}

interface Draft {
  readonly connection: ConnectionDefinition
  readonly resourceApp: ResourceAppDefinition
}

/** The current snapshot with the draft connection and its resource app. */
function overlay(exchange: ExchangeSnapshot, { connection, resourceApp }: Draft): ExchangeSnapshot {
  // A draft connection issues nothing, so it is shown as if it were active.
  const shown = {
    ...connection,
    status: connection.status === 'draft' ? 'active' : connection.status,
  } as const
  // A preview requests no authorization details, and the author of a draft decides what its schemas cost to compile.
  const withoutDetails = { ...resourceApp, authorizationDetailsTypes: [] }
  const one = compileExchangeSnapshot(exchange.revision, exchange, {
    apps: [],
    resourceApps: [withoutDetails],
    connections: [shown],
    policies: [],
  })
  const audiences = new Map(
    [...exchange.audiences].map(([name, apps]) => [name, apps.filter(({ id }) => id !== resourceApp.id)]),
  )
  for (const [name, apps] of one.audiences) audiences.set(name, [...(audiences.get(name) ?? []), ...apps])
  const resourceApps = new Map([...exchange.resourceApps, ...one.resourceApps])
  return {
    ...exchange,
    audiences,
    resourceApps,
    comparedSources: compareSources(resourceApps.values()),
    connections: new Map([...exchange.connections, ...one.connections]),
  }
}
