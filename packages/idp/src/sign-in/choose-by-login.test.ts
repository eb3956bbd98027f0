import { expect, test } from 'vitest'

import { chooseByLogin } from './choose-by-login.ts'

const user = (id: string, username: string, email?: string, emailVerified = true) => ({
  ...{ id, username, active: true, groups: [], attributes: {}, emailVerified },
  ...(email === undefined ? {} : { email }),
})

test.each([
  ['ann', [user('1', 'ann'), user('2', 'bob')], '1'],
  ['ANN', [user('1', 'ann')], '1'],
  ['Ann', [user('1', 'ann'), user('2', 'Ann')], '2'],
  ['ANN', [user('1', 'ann'), user('2', 'Ann')], undefined],
  ['ann@acme.test', [user('1', 'ann', 'Ann@acme.test')], '1'],
  // Anyone could have entered it.
  ['ann@acme.test', [user('1', 'ann', 'ann@acme.test', false)], undefined],
  ['ann@acme.test', [user('1', 'ann', 'ann@acme.test', false), user('2', 'bea', 'ann@acme.test')], '2'],
  // One address of two users names none of them.
  ['team@acme.test', [user('1', 'ann', 'team@acme.test'), user('2', 'bea', 'team@acme.test')], undefined],
  ['nobody', [user('1', 'ann')], undefined],
  ['', [user('1', 'ann')], undefined],
])('%j among %j is user %s', (login, users, id) => {
  expect(chooseByLogin(users, login)?.id).toBe(id)
})
