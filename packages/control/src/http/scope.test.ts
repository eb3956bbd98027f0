import { zApp } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { checkOwnSettings } from './scope.ts'

/** None of these decides who uses the app, or what it reaches. A new member of an app is for administrators at first. */
const OF_OWNERS = [
  'name',
  'purpose',
  'redirectUris',
  'postLogoutRedirectUris',
  'backchannelLogoutUri',
  'idTokenSigningAlg',
  'auth',
]

it.each(Object.keys(zApp.shape))('an app owner may change %s only if it is a setting or a key', (member) => {
  const change = (role: 'app-owner' | 'administrator') =>
    checkOwnSettings({ id: 'ada', role }, { [member]: 'before' }, { [member]: 'after' })
  const refused = { problem: { status: 403, detail: expect.stringContaining(member) } }
  if (OF_OWNERS.includes(member)) expect(change('app-owner')).toBeUndefined()
  else expect(change('app-owner')).toMatchObject(refused)
  expect(change('administrator')).toBeUndefined()
})

it('an app owner may neither add nor remove another member', () => {
  const check = (before: object, after: object) =>
    checkOwnSettings({ id: 'ada', role: 'app-owner' }, { ...before }, { ...after })
  expect(check({}, { pkce: 'optional' })).toMatchObject({ problem: { status: 403 } })
  expect(check({ serviceOf: 'todo0' }, {})).toMatchObject({ problem: { status: 403 } })
  expect(check({ pkce: 'optional', name: 'a' }, { pkce: 'optional', name: 'b' })).toBeUndefined()
})
