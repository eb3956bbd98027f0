// Acts on definitions at run time, as stored: suspensions, blocks, approvals, access grants and so on. Closed requests
// and grants stay in the database but are not loaded.
import type { AccessRequest } from '@crosswalk/admin-api'
import { DAY_MS, type EpochMs, isObject } from '@crosswalk/protocol'
import type { StoredChange } from '@crosswalk/storage'

import { readStored } from './read-stored.ts'
import type { AccessGrantRecord, World } from './records.ts'
import type { StoredName, StoredOf } from './stored-collections.ts'
import { keepLast, type ReadObjects } from './stored-items.ts'

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
  const apply = <N extends StoredName>(
    name: N,
    before: ReadonlyMap<string, StoredOf<N>>,
  ): ReadonlyMap<string, StoredOf<N>> => {
    const own = changes.filter(({ collection }) => collection === name)
    if (own.length === 0) return before
    const next = new Map(before)
    for (const change of keepLast(own)) {
      next.delete(change.id)
      if (change.body !== undefined) next.set(change.id, readStored(name, change))
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

/** Decided requests and ended grants are only history, which need not be readable to start. */
function isOver(collection: StoredName, body: unknown): boolean {
  if (!isObject(body) || typeof body.state !== 'string') return false
  if (collection === ACTS.requests) return body.state !== 'open'
  return collection === ACTS.accessGrants && body.state === 'ended'
}

export async function readActs(readObjects: ReadObjects, nowMs: EpochMs): Promise<Acts> {
  async function read<N extends StoredName>(collection: N): Promise<ReadonlyMap<string, StoredOf<N>>> {
    const acts = new Map<string, StoredOf<N>>()
    for await (const object of readObjects(collection))
      if (!isOver(collection, object.body)) acts.set(object.id, readStored(collection, object))
    return acts
  }
  const [holds, blocks, tokens, streams, requests, approvals, grants] = await Promise.all([
    read(ACTS.holds),
    read(ACTS.blocks),
    read(ACTS.tokens),
    read(ACTS.streams),
    read(ACTS.requests),
    read(ACTS.approvals),
    read(ACTS.accessGrants),
  ])
  return {
    ...{ holds, blocks, tokens, streams, approvals },
    openRequests: keepOpen(requests),
    accessGrants: dropPast(grants, nowMs),
  }
}
