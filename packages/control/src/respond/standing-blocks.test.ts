// A user stops an app in one tab and allows it again in another, at different nodes.
import { expect, it } from 'vitest'

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
