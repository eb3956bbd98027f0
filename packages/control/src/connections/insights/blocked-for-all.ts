// Whether a block denies every request of an app or over a connection. Blocks of single users do not count.
import { findBlock } from '@crosswalk/policy'

import type { Parts } from '../../parts.ts'

export function createBlockCheck({ directory, clock }: Parts<'directory' | 'clock'>) {
  const blocks = [...directory.current().world.blocks.values()]
  const asked = { now: clock.nowMs() / 1000, userId: undefined }
  return (appId: string, connectionId?: string): boolean =>
    findBlock(blocks, { ...asked, appId, connectionId }) !== undefined
}
