import type { ReplayKey } from '@crosswalk/as-core'
import { expect, test } from 'vitest'

import { collectKeys, countKeys, judgeKeys, nameOfKey } from './batch-keys.ts'

const key = (name: string, expiresAt = 100): ReplayKey => ({ kind: 'dpop', key: name, expiresAt })
const [A, B, C] = [key('a'), key('b'), key('c')]
const batchOf = (...entries: (readonly ReplayKey[])[]) =>
  entries.map((replayKeys) => ({ entry: { replayKeys } }))

test.each([
  [100, 200],
  [200, 100],
])('a key requested until %i and until %i is kept until the later time', (first, second) => {
  const batch = batchOf([key('b', first)], [A], [key('b', second)])
  expect(collectKeys(batch)).toEqual([A, key('b', 200)])
  expect(countKeys(batch)).toBe(3)
})

test.each([
  ['the first of two entries with one key', batchOf([A], [A]), [A], [undefined, A], []],
  ['no entry whose key was used before', batchOf([A], [B]), [B], [A, undefined], []],
  ['no entry that requests a key twice', batchOf([A, A]), [A], [A], [A]],
  ['none that needs a used key, whose other key stays free', batchOf([A, B], [B]), [B], [A, undefined], []],
  ['an entry after one that was refused', batchOf([A, B], [B, C]), [B, C], [A, undefined], []],
  ['nothing of a refused entry', batchOf([A, B]), [B], [A], [B]],
])('gets its keys: %s', (_, batch, fresh, used, unclaimed) => {
  expect(judgeKeys(batch, new Set(fresh.map(nameOfKey)))).toEqual({ used, unclaimed })
})
