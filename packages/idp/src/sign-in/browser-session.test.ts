import { expect, test } from 'vitest'

import { findBrowserSession } from './browser-session.ts'

const ALICE = { id: 'usr_alice', active: true }

test.each([
  ['an active user', { accountId: 'usr_alice', uid: 'session' }, ALICE, 'usr_alice'],
  ['a user who is no longer active', { accountId: 'usr_alice' }, { ...ALICE, active: false }, undefined],
  ['a user who no longer exists', { accountId: 'usr_alice' }, undefined, undefined],
  ['nobody', {}, ALICE, undefined],
])('a browser with the session of %s', async (_, session, user, expected) => {
  const parts = {
    provider: { Session: { get: async () => session } },
    ports: { users: { findById: async () => user } },
  }
  expect((await findBrowserSession({} as never, parts as never))?.user.id).toBe(expected)
})
