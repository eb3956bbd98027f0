// What keeps a rule from approving: an earlier decision against the same access, and no other.
import { expect, it } from 'vitest'

import { ACTS } from '../definitions/stored-acts.ts'
import { findEarlierNo } from './judge-rule.ts'

const ACCESS = { user: 'usr_ann', app: 'agent0', resourceApp: 'todo0' }
const request = (change: object) => ({
  collection: ACTS.requests,
  body: {
    ...{ id: 'req_1', state: 'declined', ...ACCESS, scopes: ['read'], reason: 'r' },
    ...{ askedBy: 'usr_ann', askedAt: '2027-01-15T08:00:00Z', ...change },
  },
})
const grant = (change: object) => ({
  collection: ACTS.accessGrants,
  body: {
    ...{ id: 'agr_1', state: 'revoked', connection: 'con', ...ACCESS, scopes: ['read'] },
    ...{ by: 'usr_olga', at: '2027-01-15T08:00:00Z', ...change },
  },
})

it.each<
  [string, { readonly collection: string; readonly body: { readonly id: string } }, string | undefined]
>([
  ['a declined request', request({}), 'the request req_1 for this access was declined'],
  ['an open request', request({ state: 'open' }), undefined],
  ['a request for another user', request({ user: 'usr_bob' }), undefined],
  ['a request for another app', request({ app: 'agent1' }), undefined],
  ['a request for another resource app', request({ resourceApp: 'notes0' }), undefined],
  ['a revoked grant', grant({}), 'the access grant agr_1 for this access was revoked'],
  ['an active grant', grant({ state: 'active' }), undefined],
  ['a grant that ended by itself', grant({ state: 'ended' }), undefined],
  ['a grant of another user', grant({ user: 'usr_bob' }), undefined],
  ['a grant for another app', grant({ app: 'agent1' }), undefined],
  ['a grant for another resource app', grant({ resourceApp: 'notes0' }), undefined],
])('after %s', async (_, { collection, body }, why) => {
  const stored = { collection, id: body.id, revision: 1, body }
  const objects = { page: async (name: string) => (name === collection ? [stored] : []) }
  expect(await findEarlierNo({ storage: { objects } } as never, ACCESS)).toBe(why)
})
