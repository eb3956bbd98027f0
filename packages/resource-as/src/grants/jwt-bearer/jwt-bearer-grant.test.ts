import { expect, it } from 'vitest'

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
