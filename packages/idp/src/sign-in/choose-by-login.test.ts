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
  // A keyboard composes accents, a directory may not; and forms cut spaces off.
  ['Jos\u00e9', [user('1', 'jose\u0301')], '1'],
  ['jose\u0301', [user('1', 'Jos\u00e9')], '1'],
  ['jose', [user('1', 'jos\u00e9')], undefined],
  ['ann', [user('1', ' Ann ')], '1'],
  ['nobody', [user('1', 'ann')], undefined],
  ['', [user('1', 'ann')], undefined],
])('%j among %j is user %s', (login, users, id) => {
  expect(chooseByLogin(users, login)?.id).toBe(id)
})
