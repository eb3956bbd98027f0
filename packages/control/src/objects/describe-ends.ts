// What ends with a change of an object: the access grants and scope approvals that depend on it. Stored in the transaction of
// the change, or they would come back with an object of the same id.
import type { Collection } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectStep } from '@crosswalk/storage'

import { describeStaleGrants } from '../approvals/end-access.ts'
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
  const grants = await describeStaleGrants(parts, context, { collection, before, after })
  if (collection !== 'connections' || before === undefined) return grants
  const [was, is] = [before as ConnectionDefinition, after as ConnectionDefinition | undefined]
  return [...grants, ...describeStaleApprovals(parts, context, was, is)]
}
