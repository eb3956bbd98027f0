// A user stops an app in one tab and allows it again in another, at different nodes.
import { describe, expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { endBlock, setBlock } from './standing-blocks.ts'

const BLOCK = { id: 'blk_own', kind: 'connection', target: 'c', onlyFor: 'usr_ann', kill: false } as const

it('sets a block that another node has just set and ended', async () => {
  const [one, other] = await openNodes({})
  const context = systemContext('a test')
  await setBlock(other.parts, context, BLOCK)
  const { directory } = one.parts
  const put: typeof directory.put = async (change) => {
    const outcome = await directory.put(change)
    if (!outcome.ok) await endBlock(other.parts, context, { id: BLOCK.id })
    await directory.catchUp()
    return outcome
  }
  const block = await setBlock({ ...one.parts, directory: { ...directory, put } }, context, BLOCK)
  expect(block).toMatchObject(BLOCK)
  expect(directory.current().world.blocks.get(BLOCK.id)).toEqual(block)
})

it('keeps a block that another node has just set', async () => {
  const [one, other] = await openNodes({})
  const first = await setBlock(other.parts, systemContext('the first'), BLOCK)
  const { directory } = one.parts
  const put: typeof directory.put = async (change) => {
    const outcome = await directory.put(change)
    await directory.catchUp()
    return outcome
  }
  const parts = { ...one.parts, directory: { ...directory, put } }
  expect(await setBlock(parts, systemContext('the second'), BLOCK)).toEqual(first)
})

describe('the end of a block', () => {
  const NOW = Date.parse('2026-06-15T08:00:00Z')
  const USER = { kind: 'user', target: 'usr_ann' } as const

  async function open() {
    const [{ parts }] = await openNodes({ users: [{ id: 'usr_ann', username: 'ann' }] }, NOW)
    const ended: string[] = []
    let signalled = 0
    const own = {
      ...parts,
      revoker: { ...parts.revoker, endSessions: async (id: string) => void ended.push(id) },
      signals: { ...parts.signals, buildEvents: () => (signalled++, []) },
    } as typeof parts
    return { parts: own, ended, signalled: () => signalled }
  }

  it.each([
    ['a kill ends the sessions that it may have left', true, {}, ['usr_ann']],
    ['a kill that ended by itself ends nothing', true, { until: '2026-06-15T08:00:00Z' }, []],
    ['a block ends no sessions', false, {}, []],
  ])('lifting %s', async (_, kill, until, sessions) => {
    const { parts, ended } = await open()
    const context = systemContext('a test')
    const { id } = await setBlock(parts, context, { ...USER, kill, ...until })
    expect(await endBlock(parts, context, { id })).toBeUndefined()
    expect(ended).toEqual(sessions)
  })

  it.each([
    ['2026-06-15T08:00:01Z', 1],
    ['2026-06-15T08:00:00Z', 0],
  ])(
    'until %s is told to receivers of security events only if it stops anything: %i',
    async (until, count) => {
      const { parts, signalled } = await open()
      await setBlock(parts, systemContext('a test'), { ...USER, kill: true, until })
      expect(signalled()).toBe(count)
    },
  )
})
