// Anyone can sign a checkpoint with their own key, over anything. Proofs of a real log: tests/src/oversight.
import { hashText, linkHash } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { createCheckpointSeal } from './delivery/checkpoint-seal.ts'
import { verifyInclusion } from './verify-inclusion.ts'

const seal = createCheckpointSeal({ keyedDigest: () => Buffer.alloc(32, 'theirs').toString('base64url') })
const EVENT = {
  schema: 'xaa.event/v1',
  id: 'evt_1',
  time: '2026-11-29T08:00:00Z',
  type: 'signin.succeeded',
  category: 'session',
  severity: 'info',
  outcome: 'success',
  actor: { kind: 'user', id: 'usr_alice' },
}

async function verifySigned(text: string, change: object = {}) {
  const place = { log: 'idp', chain: 'idp', seq: 1 }
  const hash = linkHash('', 'idp', 1, hashText(text))
  const checkpoint = await seal.sign({ ...place, hash, kind: 'head', time: '2026-11-29T08:01:00Z' })
  const schema = 'crosswalk.inclusion-proof/v1' as const
  return verifyInclusion(
    { schema, ...place, prevHash: '', text, following: [], checkpoint, ...change },
    seal.publicJwk,
  )
}

it('accepts the text of an event', async () => {
  expect(await verifySigned(JSON.stringify(EVENT))).toMatchObject({ ok: true, event: EVENT })
})

it.each([
  ['not JSON', 'hello'],
  ['null', 'null'],
  ['an unknown schema', JSON.stringify({ ...EVENT, schema: 'other' })],
  ['no type', JSON.stringify({ ...EVENT, type: undefined })],
  ['a time that is not text', JSON.stringify({ ...EVENT, time: { toString: 1 } })],
  ['a decision without its members', JSON.stringify({ ...EVENT, schema: 'xaa.decision-event/v1' })],
])('refuses a signed text with %s, and says why', async (_, text) => {
  expect(await verifySigned(text)).toEqual({ ok: false, why: 'its text is not an event' })
})

it.each([
  ['another log', { log: 'admin' }, 'its checkpoint seals idp'],
  ['another chain', { chain: 'admin' }, 'its checkpoint seals idp'],
  ['a later event', { seq: 2 }, 'its checkpoint seals event 1, and the proof ends at 2'],
  ['an earlier event', { seq: 0 }, 'its checkpoint seals event 1, and the proof ends at 0'],
])('refuses a checkpoint for %s', async (_, change, why) => {
  expect(await verifySigned(JSON.stringify(EVENT), change)).toEqual({ ok: false, why })
})
