// Acts on definitions at run time, as stored: suspensions, blocks, approvals, access grants and so on. Closed requests
// and grants stay in the database but are not loaded.
import type { AccessRequest } from '@crosswalk/admin-api'
import type { EventStream } from '@crosswalk/idp'
import type { Block } from '@crosswalk/policy'
import { DAY_MS, type EpochMs } from '@crosswalk/protocol'
import type { StoredChange } from '@crosswalk/storage'

import type { AccessGrantRecord, ApprovalRecord, Hold, TokenRecord, World } from './records.ts'
import type { ReadObjects } from './stored-items.ts'

/** Their collections, separate from those of definitions */
export const ACTS = {
  holds: 'holds',
  blocks: 'blocks',
  tokens: 'tokens',
  streams: 'event-streams',
  requests: 'access-requests',
  approvals: 'scope-approvals',
  accessGrants: 'access-grants',
} as const

export type Acts = Pick<
  World,
  'holds' | 'blocks' | 'tokens' | 'streams' | 'openRequests' | 'approvals' | 'accessGrants'
>

/** @returns the acts after the changes, in order; maps without changes stay the same object */
export function applyToActs(acts: Acts, changes: readonly StoredChange[], nowMs: EpochMs): Acts {
  const apply = <T>(name: string, before: ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    const own = changes.filter(({ collection }) => collection === name)
    if (own.length === 0) return before
    const next = new Map(before)
    for (const { id, body } of own) {
      next.delete(id)
      if (body !== undefined) next.set(id, body as T)
    }
    return next
  }
  const requests = apply(ACTS.requests, acts.openRequests)
  const grants = apply(ACTS.accessGrants, acts.accessGrants)
  return {
    holds: apply(ACTS.holds, acts.holds),
    blocks: apply(ACTS.blocks, acts.blocks),
    tokens: apply(ACTS.tokens, acts.tokens),
    streams: apply(ACTS.streams, acts.streams),
    openRequests: requests === acts.openRequests ? requests : keepOpen(requests),
    approvals: apply(ACTS.approvals, acts.approvals),
    accessGrants: grants === acts.accessGrants ? grants : dropPast(grants, nowMs),
  }
}

/** Requests are kept permanently; most were decided long ago. */
function keepOpen(requests: ReadonlyMap<string, AccessRequest>): ReadonlyMap<string, AccessRequest> {
  return new Map([...requests].filter(([, { state }]) => state === 'open'))
}

/** Longer than anything lives that was issued under a grant before it was revoked, and than clocks differ */
const HOLD_REVOKED_MS = DAY_MS

/** Grants are kept permanently as well, and each redemption compares its ID-JAG with all revoked ones. */
function dropPast(
  grants: ReadonlyMap<string, AccessGrantRecord>,
  nowMs: EpochMs,
): ReadonlyMap<string, AccessGrantRecord> {
  const isRecent = ({ over }: AccessGrantRecord) =>
    over !== undefined && Date.parse(over.at) > nowMs - HOLD_REVOKED_MS
  return new Map(
    [...grants].filter(
      ([, grant]) => grant.state === 'active' || (grant.state === 'revoked' && isRecent(grant)),
    ),
  )
}

export async function readActs(readObjects: ReadObjects, nowMs: EpochMs): Promise<Acts> {
  async function read<T>(collection: string): Promise<ReadonlyMap<string, T>> {
    const acts = new Map<string, T>()
    for await (const { id, body } of readObjects(collection)) acts.set(id, body as T)
    return acts
  }
  const [holds, blocks, tokens, streams, requests, approvals, grants] = await Promise.all([
    read<Hold>(ACTS.holds),
    read<Block>(ACTS.blocks),
    read<TokenRecord>(ACTS.tokens),
    read<EventStream>(ACTS.streams),
    read<AccessRequest>(ACTS.requests),
    read<ApprovalRecord>(ACTS.approvals),
    read<AccessGrantRecord>(ACTS.accessGrants),
  ])
  return {
    ...{ holds, blocks, tokens, streams, approvals },
    openRequests: keepOpen(requests),
    accessGrants: dropPast(grants, nowMs),
  }
}
