// A checkpoint counts only with our signature, and one from the database only if its row states the same.
import { describe, expect, it } from 'vitest'

import { collectAnchors } from './anchors.ts'
import { createCheckpointSeal, type Sealed } from './checkpoint-seal.ts'

const sealOf = (secret: string) =>
  createCheckpointSeal({ keyedDigest: () => Buffer.alloc(32, secret).toString('base64url') })
const seal = sealOf('ours')
const HEAD: Sealed = {
  log: 'idp',
  chain: 'idp/1',
  seq: 7,
  hash: 'seven',
  kind: 'head',
  time: '2026-11-28T00:00:00Z',
}

async function collect(rows: readonly Partial<Sealed>[], kept: readonly string[] = []) {
  const statement = await seal.sign(HEAD)
  const list = async () => rows.map((row) => ({ ...HEAD, ...row, statement }))
  const { byChain, external, foreign } = await collectAnchors({ auditCheckpoints: { list } } as never, seal, {
    kept,
  })
  return { heads: Object.fromEntries(byChain.get('idp/1')?.sealed ?? []), external, foreign }
}

it('a row that states what we signed counts', async () => {
  expect(await collect([{}])).toEqual({ heads: { 7: 'seven' }, external: new Map(), foreign: 0 })
})

it.each<[string, Partial<Sealed>]>([
  ['log', { log: 'admin' }],
  ['chain', { chain: 'idp' }],
  ['sequence number', { seq: 8 }],
  ['hash', { hash: 'eight' }],
  ['kind', { kind: 'cut' }],
])('a row with another %s than we signed is foreign', async (_, row) => {
  expect(await collect([row])).toEqual({ heads: {}, external: new Map(), foreign: 1 })
})

describe('a statement kept elsewhere', () => {
  it('counts as external with our signature', async () => {
    expect(await collect([], [await seal.sign(HEAD)])).toEqual({
      heads: { 7: 'seven' },
      external: new Map([['idp/1', 1]]),
      foreign: 0,
    })
  })

  it('is foreign with the signature of another key', async () => {
    const statement = await sealOf('theirs').sign(HEAD)
    expect(await collect([], [statement])).toEqual({ heads: {}, external: new Map(), foreign: 1 })
  })
})
