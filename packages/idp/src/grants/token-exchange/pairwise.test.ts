import { createSealing } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createPairwise } from './pairwise.ts'

it('gives a user one subject per authorization server, which no other server or user shares', () => {
  const pairwise = createPairwise(createSealing(Buffer.alloc(32, 1)))
  const subject = pairwise('https://as.todo0.test', 'usr_alice')
  expect(pairwise('https://as.todo0.test', 'usr_alice')).toBe(subject)
  expect(pairwise('https://as.notes0.test', 'usr_alice')).not.toBe(subject)
  expect(pairwise('https://as.todo0.test', 'usr_bob')).not.toBe(subject)
  const otherKey = createPairwise(createSealing(Buffer.alloc(32, 2)))
  expect(otherKey('https://as.todo0.test', 'usr_alice')).not.toBe(subject)
})
