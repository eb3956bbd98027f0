// Whether a block denies every request for a user, of an app or over a connection.
import { type BlockQuestion, findBlock } from '@crosswalk/policy'

import type { Parts } from '../../parts.ts'

type About = Partial<Pick<BlockQuestion, 'userId' | 'appId' | 'connectionId'>>

export function createBlockCheck({ directory, clock }: Parts<'directory' | 'clock'>) {
  const blocks = [...directory.current().world.blocks.values()]
  const now = clock.nowMs() / 1000
  return (about: About): boolean =>
    findBlock(blocks, { now, userId: undefined, appId: undefined, ...about }) !== undefined
}
