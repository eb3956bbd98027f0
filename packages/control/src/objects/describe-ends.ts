// What ends with a change of an object: the access requests, access grants and scope approvals that depend on it. Stored in
// the transaction of the change, or they would come back with an object of the same id.
import type { Collection } from '@crosswalk/admin-api'
import { inTurns } from '@crosswalk/as-core'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectStep } from '@crosswalk/storage'

import { describeStaleGrants } from '../approvals/end-access.ts'
import { describeStaleRequests } from '../approvals/expire-requests.ts'
import { describeStaleApprovals } from '../approvals/scope-approval-records.ts'
import type { DefinitionOf } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'
import type { Target } from './target.ts'

interface Ending<C extends Collection> extends Pick<Target<C>, 'context' | 'collection'> {
  readonly parts: Parts<'directory' | 'storage' | 'clock'>
}

interface States<C extends Collection> {
  readonly before: DefinitionOf<C> | undefined
  readonly after: DefinitionOf<C> | undefined
}

export async function describeEnds<C extends Collection>(
  { parts, context, collection }: Ending<C>,
  { before, after }: States<C>,
): Promise<readonly ObjectStep[]> {
  const change = { collection, before, after }
  const ends = [
    ...(await describeStaleRequests(parts, context, change)),
    ...(await describeStaleGrants(parts, context, change)),
  ]
  if (collection !== 'connections' || before === undefined) return ends
  const [was, is] = [before as ConnectionDefinition, after as ConnectionDefinition | undefined]
  return [...ends, ...describeStaleApprovals(parts, context, was, is)]
}

/** Of several changes in one transaction: once each, even if it depends on several of the objects. */
export async function describeAllEnds(
  { parts, context }: Pick<Ending<Collection>, 'parts' | 'context'>,
  changes: readonly (States<Collection> & { readonly collection: Collection })[],
): Promise<readonly ObjectStep[]> {
  const ends = new Map<string, ObjectStep>()
  for await (const { collection, ...states } of inTurns(changes))
    for (const end of await describeEnds({ parts, context, collection }, states))
      ends.set(`${end.collection}/${end.id}`, end)
  return [...ends.values()]
}
