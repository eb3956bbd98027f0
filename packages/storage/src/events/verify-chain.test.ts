// A server that seals every second has more checkpoints than a function call can have arguments.
import { expect, it } from 'vitest'

import { findCutEnd } from './verify-chain.ts'

it('finds the highest of very many checkpoints', () => {
  const sealed = new Map(Array.from({ length: 500_000 }, (_, index) => [index + 1, '']))
  expect(findCutEnd({ seq: 500_000, hash: '' }, sealed)).toBeUndefined()
  expect(findCutEnd({ seq: 499_999, hash: '' }, sealed)).toMatchObject({ seq: 500_000 })
})
