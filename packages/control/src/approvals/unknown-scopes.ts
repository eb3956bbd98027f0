// Requested scopes must be in the catalogue of the resource app: a misspelled one would be approved and never granted.
import type { ResourceAppDefinition } from '@crosswalk/protocol'

import type { RequestError } from '../http/request-errors.ts'

/**
 * @param otherwise - the known scopes if the resource app lists no resources
 * @returns a mistake if one of the scopes is unknown
 */
export function findUnknownScopes(
  { id, resources }: Pick<ResourceAppDefinition, 'id' | 'resources'>,
  scopes: readonly string[],
  otherwise: readonly string[],
): readonly RequestError[] {
  const known = resources.length === 0 ? otherwise : resources.flatMap((resource) => resource.scopes)
  const unknown = scopes.filter((scope) => !known.includes(scope))
  if (unknown.length === 0) return []
  const catalogue = [...new Set(known)].join(' ')
  return [{ path: '/scopes', problem: `${id} has no scope ${unknown.join(' ')}; it has ${catalogue}` }]
}
