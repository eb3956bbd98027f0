import { buildAuditEvent } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { zUser } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { prepareTotpSecrets } from './file-users.ts'

const SECRETS = ['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'] as const

test('seals secrets of the file only when they change, and keeps factors that users enrolled', async () => {
  const { secondFactors: store, close } = await openStorage('sqlite::memory:')
  let sealed = 0
  const start = (totpSecret?: string) =>
    prepareTotpSecrets([zUser.parse({ id: 'alice', username: 'alice', totpSecret })], {
      store,
      seal: () => `sealed-${(sealed += 1)}`,
      fingerprint: (userId, secret) => `${userId} ${secret}`,
      now: 1,
    })
  const current = async () => (await store.findTotp('alice'))?.sealedSecret

  await start(SECRETS[0])
  expect(await store.useTotpStep('alice', { sealedSecret: 'sealed-1', step: 7 })).toBe(true)
  await start(SECRETS[0])
  expect(await current()).toBe('sealed-1')
  // After a restart, a used code stays used.
  expect(await store.useTotpStep('alice', { sealedSecret: 'sealed-1', step: 7 })).toBe(false)
  await start(SECRETS[1])
  expect(await current()).toBe('sealed-2')
  await start()
  expect(await current()).toBeUndefined()

  const event = buildAuditEvent(1, {
    ...{ type: 'signin.factor_enrolled', category: 'session', severity: 'notice', outcome: 'success' },
    actor: { kind: 'user', id: 'alice' },
  } as Parameters<typeof buildAuditEvent>[1])
  await store.enrolTotp('alice', { sealedSecret: 'own', step: 1, at: 1 }, { log: 'idp', event })
  await start()
  expect(await current()).toBe('own')
  await close()
})

test.each([
  ['short', 'JBSWY3DPEHPK3PXP', false],
  ['128 bits', 'JBSWY3DPEHPK3PXPJBSWY3DPEH', true],
  ['padded', 'JBSWY3DPEHPK3PXPJBSWY3DPEH======', false],
  ['in lower case', 'jbswy3dpehpk3pxpjbswy3dpeh', false],
])('a secret that is %s', (_, totpSecret, good) => {
  expect(zUser.safeParse({ id: 'a', username: 'a', totpSecret }).success).toBe(good)
})
