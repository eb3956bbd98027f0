import { expect, test } from 'vitest'

import { forgetPasswordHashes } from '../../../../tools/test-password-hashes.ts'
import { hashPassword, verifyDecoyPassword, verifyPassword } from './passwords.ts'

test('argon2id in PHC form with a random salt and the chosen cost', async () => {
  const one = await hashPassword('päss')
  forgetPasswordHashes()
  const two = await hashPassword('päss')
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
  expect(await verifyPassword(one, 'päss')).toBe(true)
  expect(await verifyPassword(two, 'päss')).toBe(true)
})

test.each([
  ['another password', 'pass'],
  ['case', 'Päss'],
  ['nothing', ''],
  ['more', 'päss '],
])('%s does not match', async (_, password) => {
  expect(await verifyPassword(await hashPassword('päss'), password)).toBe(false)
})

test.each(['', 'plain text', '$argon2id$v=19$m=19456,t=2,p=1$'])(
  'an unreadable hash %j matches nothing',
  async (phc) => {
    expect(await verifyPassword(phc, phc)).toBe(false)
  },
)

test('a user without a hash has no valid password', async () => {
  expect(await verifyDecoyPassword('anything')).toBe(false)
})
