// Which blocks are listed for a target, and that a repeated request gets the block that the first one set.
import type { BlockView } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { createBlockHandlers } from './blocks.ts'
import { setBlock } from './standing-blocks.ts'

const NOW = Date.parse('2026-06-15T08:00:00Z')
const IDP = {
  users: [{ id: 'usr_ann', username: 'ann' }],
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: { method: 'none' } }],
}
const APP = { kind: 'app', target: 'agent0' } as const
const context = {
  ...{ ...systemContext('a test'), idempotencyKey: 'one' },
  caller: { id: 'ada', role: 'owner' },
} as const

async function open() {
  const [{ parts }] = await openNodes(IDP, NOW)
  let nowMs = NOW
  const own = { ...parts, clock: { nowMs: () => nowMs } }
  const handlers = createBlockHandlers(own)
  const list = async (query: object) => {
    const found = (await handlers['blocks.list'](
      { query: { limit: 9, ...query } } as never,
      context as never,
    )) as {
      readonly body: { readonly items: readonly BlockView[] }
    }
    return found.body.items.map(({ onlyFor = 'everyone' }) => onlyFor)
  }
  const create = (until: string) =>
    handlers['blocks.create']({ body: { ...APP, until } } as never, context as never)
  return { own, list, create, at: (ms: number) => void (nowMs = ms) }
}

it('lists for an app what stops it for everyone, and not what a user stops for themselves', async () => {
  const { own, list } = await open()
  await setBlock(own, systemContext('a test'), { ...APP, kill: false })
  await setBlock(own, systemContext('a test'), { ...APP, kill: false, onlyFor: 'usr_ann' })
  expect(await list({ target: 'agent0' })).toEqual(['everyone'])
  expect((await list({})).toSorted()).toEqual(['everyone', 'usr_ann'])
})

it('the same request gets its block even after that has expired; a new one cannot begin in the past', async () => {
  const { create, list, at } = await open()
  const until = new Date(NOW + 1000).toISOString()
  expect(await create(until)).toMatchObject({ status: 201, body: { active: true } })
  at(NOW + 2000)
  expect(await create(until)).toMatchObject({ status: 201, body: { active: false } })
  expect(await list({})).toEqual(['everyone'])
  const late = await open()
  late.at(NOW + 2000)
  expect(await late.create(until)).toMatchObject({ problem: { status: 400 } })
})
