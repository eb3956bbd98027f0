import { expect, it, vi } from 'vitest'

import type { RedemptionDependencies } from '../../dependencies.ts'
import { createJwtBearer } from './jwt-bearer-grant.ts'

it.each([
  [
    'if the IdP of the same program may deny the ID-JAG by now',
    { findDenialNow: async () => undefined },
    true,
  ],
  ['not if another program issued it', undefined, false],
])('is observed again when definitions change meanwhile: %s', (_, issuedIdJags, expected) => {
  const deps = { issuedIdJags } as unknown as RedemptionDependencies
  expect(createJwtBearer(deps).observesDefinitions).toBe(expected)
})

it('is refused by an event that names the account instead of a subject', () => {
  const find = vi.fn((_server: string, _claims: object, account?: string) => account)
  const grant = createJwtBearer({ receivedRevocations: { find } } as unknown as RedemptionDependencies)
  const assertion = { state: 'read', signature: 'valid', claims: { iss: 'https://idp.test' } }
  const observeNow = (account: object) =>
    grant.observeNow?.({ assertion, account } as never, { id: 'main' } as never)
  expect(observeNow({ state: 'found', id: 'acc_1' })).toMatchObject({ revokedBy: 'acc_1' })
  expect(observeNow({ state: 'not-found' })?.revokedBy).toBeUndefined()
})
