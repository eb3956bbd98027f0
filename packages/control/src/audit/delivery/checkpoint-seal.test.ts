import { createSealing } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createCheckpointSeal, createManifestReader, createStatementReader } from './checkpoint-seal.ts'

it('a statement of one kind is never read as one of another, whatever its claims are', async () => {
  const seal = createCheckpointSeal(createSealing(Buffer.alloc(32)))
  const checkpoint = {
    ...{ log: 'idp', chain: 'idp', seq: 7, hash: 'h7' },
    kind: 'head' as const,
    time: '2026-11-27T12:00:00Z',
  }
  const read = createStatementReader(seal.publicJwk)
  expect(read(await seal.sign(checkpoint))).toEqual(checkpoint)
  expect(read(await seal.signManifest(checkpoint as never))).toBeUndefined()
  expect(createManifestReader(seal.publicJwk)(await seal.sign(checkpoint))).toBeUndefined()
})
