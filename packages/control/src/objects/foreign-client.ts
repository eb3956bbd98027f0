// A grant names its client at the resource, not its connection, so whatever stops one connection stops every other with the
// same client there. A caller whose role is about some apps must therefore not use the client of another app.
import type { Collection } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { DefinitionOf } from '../definitions/records.ts'
import { isInScope } from '../http/scope.ts'
import { buildProblem, type Problem } from '../http/problem.ts'
import type { Target } from './target.ts'

/** @param before - the object as it is now, which may keep its client */
export function refuseForeignClient<C extends Collection>(
  target: Target<C>,
  definition: DefinitionOf<C>,
  before: DefinitionOf<C> | undefined,
): Problem | undefined {
  if (target.collection !== 'connections') return undefined
  const wanted = definition as ConnectionDefinition
  const had = before as ConnectionDefinition | undefined
  if (wanted.clientId === had?.clientId && wanted.resourceApp === had?.resourceApp) return undefined
  return isOfOtherApp(target, wanted)
    ? buildProblem('forbidden', {
        detail: `Client ${wanted.clientId} belongs to another app at this resource app. Ask an administrator.`,
      })
    : undefined
}

function isOfOtherApp({ parts, context }: Target, { clientId, resourceApp }: ConnectionDefinition): boolean {
  const { connections, 'resource-apps': resourceApps } = parts.directory.current().world
  const issuerOf = (id: string) => resourceApps.get(id)?.definition.issuer
  return (
    clientId !== undefined &&
    [...connections.values()].some(
      ({ definition: other }) =>
        other.clientId === clientId &&
        issuerOf(other.resourceApp) === issuerOf(resourceApp) &&
        !isInScope(context.caller, 'connections', other),
    )
  )
}
