// Which requesting apps a decision is about. Authorization servers choose their own client ids, so one of them may equal the id of
// another app here.
import type { DecisionRecord } from '@crosswalk/protocol'

import { definitionsOf, type World } from '../definitions/records.ts'

type Definitions = Pick<World, 'connections' | 'resource-apps' | 'authorization-servers'>

/** @returns a function that finds the ids of the apps of a decision, several if their connections share a client id; empty if none is known */
export function createAppFinder(
  world: Definitions,
): (record: Pick<DecisionRecord, 'stage' | 'request' | 'resolution'>) => readonly string[] {
  const connections = definitionsOf(world.connections)
  const byClient = Map.groupBy(connections, ({ clientId, resourceApp }) =>
    keyOf(clientId, world['resource-apps'].get(resourceApp)?.definition.issuer),
  )
  return ({ stage, request, resolution }) => {
    const id = request.requesting_app?.id
    if (stage === 'idp.token_exchange' || stage === 'idp.token') return id === undefined ? [] : [id]
    const named = world.connections.get(resolution.connection ?? '')
    if (named !== undefined) return [named.definition.app]
    const server = world['authorization-servers'].get(resolution.resource_app ?? '')
    const found = byClient.get(keyOf(id, server?.definition.issuer)) ?? []
    return [...new Set(found.map(({ app }) => app))]
  }
}

function keyOf(clientId: string | undefined, issuer: string | undefined): string {
  return JSON.stringify([clientId, issuer])
}
