// What ends with a change of an object: the access requests, access grants and scope approvals that depend on it. Stored in
// the transaction of the change, or they would come back with an object of the same id.
import type { Collection } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectStep } from '@crosswalk/storage'

import { describeStaleGrants } from '../approvals/end-access.ts'
import { describeStaleRequests } from '../approvals/expire-requests.ts'
import { describeStaleApprovals } from '../approvals/scope-approval-records.ts'
import type { DefinitionOf } from '../definitions/records.ts'
import type { Target } from './target.ts'

export async function describeEnds<C extends Collection>(
  { parts, context, collection }: Target<C>,
  {
    before,
    after,
  }: { readonly before: DefinitionOf<C> | undefined; readonly after: DefinitionOf<C> | undefined },
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
