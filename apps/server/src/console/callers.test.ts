// Which console sessions still have a caller, next to one that does.
import { FILE_TOKEN } from '@crosswalk/control'
import { expect, it } from 'vitest'

import { type CallerParts, digestToken, findCallerOf } from './callers.ts'
import type { ConsoleSession } from './sessions.ts'

const sealing = { keyedDigest: (label: string, text: string) => `${label} ${text}` }
const OF_TOKEN = { kind: 'token', subject: digestToken(sealing, 'secret') }
const OF_USER = { kind: 'user', subject: 'rita', sid: 'live' }
const ROLES = { auditor: { users: ['rita'], groups: [] } }

it.each<[string, object | undefined, Partial<CallerParts>, unknown]>([
  ['of the token', OF_TOKEN, {}, { id: FILE_TOKEN, role: 'owner' }],
  ['of a token that was changed', OF_TOKEN, { adminToken: 'other' }, 'no-session'],
  ['of the token, now that there are roles', OF_TOKEN, { roles: ROLES }, 'no-session'],
  ['of a user', OF_USER, { roles: ROLES }, { id: 'rita', role: 'auditor' }],
  ['of a user without a role', OF_USER, { roles: {} }, 'no-role'],
  ['of a user who signed out at the IdP', { ...OF_USER, sid: 'over' }, { roles: ROLES }, 'no-session'],
  ['of a user without a session at the IdP', { ...OF_USER, sid: undefined }, { roles: ROLES }, 'no-session'],
  ['that does not exist', undefined, { roles: ROLES }, 'no-session'],
])('a session %s', async (_, session, change, expected) => {
  const parts = {
    ...{ adminToken: 'secret', roles: undefined, sealing, clock: { nowMs: () => 0 } },
    sessions: { find: async () => session as ConsoleSession | undefined },
    signIn: { findSession: async (sid: string) => (sid === 'live' ? { userId: 'rita' } : undefined) },
    findUser: async (id: string) => ({ id, username: id, groups: [], active: true }),
    ...change,
  } as unknown as CallerParts
  const found = await findCallerOf('id', parts)
  if (typeof expected === 'string') expect(found).toBe(expected)
  else expect(found).toMatchObject({ caller: { ...(expected as object), session: 'id' } })
})
