// Where a copy begins: its first event is joined to the sealed event before it, whether retention removed that or not.
import { createSealing } from '@crosswalk/as-core'
import { FIRST_PREV_HASH, linkHash } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { createCheckpointSeal } from './delivery/checkpoint-seal.ts'
import { verifyEntries } from './verify-copy.ts'

const TEXTS = ['t1', 't2', 't3', 't4', 't5']
const HASHES = TEXTS.reduce<readonly string[]>(
  (all, text, index) => [...all, linkHash(all.at(-1) ?? FIRST_PREV_HASH, 'idp', index + 1, text)],
  [],
)
const seal = createCheckpointSeal(createSealing(new Uint8Array(32)))
const sign = (kind: 'cut' | 'head', seq: number) =>
  seal.sign({
    log: 'idp',
    chain: 'idp',
    seq,
    hash: HASHES[seq - 1] ?? '',
    kind,
    time: '2026-11-27T12:00:00Z',
  })

it.each([
  ['after the last event that retention removed', 3, TEXTS.slice(2), true],
  ['after a later sealed event', 4, TEXTS.slice(3), true],
  ['with another event than the sealed one leads to', 4, ['forged', 't5'], false],
])('a copy that begins %s', async (_, seq, textHashes, ok) => {
  const statements = await Promise.all([sign('cut', 2), sign('head', 3), sign('head', 5)])
  const entries = async function* () {
    yield { log: 'idp', chain: 'idp', seq, textHashes }
  }
  const verdict = await verifyEntries(entries(), { statements, publicJwk: seal.publicJwk })
  expect(verdict).toMatchObject({ ok, chains: [{ begins: seq, sealedUntil: ok ? 5 : 0 }] })
})
