import { zApp, zUser } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { maySignInTo } from './assignment.ts'

const alice = { id: 'usr_alice', username: 'alice', groups: ['engineering'] }
const app = { id: 'agent0', name: 'Agent0', kind: 'agent', auth: { method: 'none' } }

test.each([
  ['everyone', {}, { assignments: { everyone: true } }, true],
  ['by id', {}, { assignments: { users: ['usr_alice'] } }, true],
  ['by group', {}, { assignments: { groups: ['sales', 'engineering'] } }, true],
  ['no user by default', {}, {}, false],
  ['another user', {}, { assignments: { users: ['usr_bob'] } }, false],
  ['another group', {}, { assignments: { groups: ['sales'] } }, false],
  ['group names are exact', {}, { assignments: { groups: ['Engineering'] } }, false],
  ['inactive user', { active: false }, { assignments: { everyone: true } }, false],
  ['inactive app', {}, { active: false, assignments: { everyone: true } }, false],
])('%s', (_, user, change, expected) => {
  const subject = zUser.parse({ ...alice, ...user })
  const definition = zApp.parse({ ...app, ...change })
  expect(maySignInTo(subject, definition, { isBlocked: () => false })).toBe(expected)
  // A block takes precedence over the definitions.
  expect(maySignInTo(subject, definition, { isBlocked: () => true })).toBe(false)
})
