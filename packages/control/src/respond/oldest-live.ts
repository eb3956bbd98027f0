// How far back a change may lie whose revocations are still due: tokens issued before have expired.
import type { EpochMs } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'

/** Allows for different clocks of the processes that made changes. */
const MARGIN_MS = 120_000

/** @returns when the oldest access token that may be live was issued */
export function findOldestLive(world: CompiledWorld['world'], nowMs: EpochMs): EpochMs {
  const lifetimes = [...world['authorization-servers'].values()].map(
    ({ definition }) => definition.accessTokenTtlSeconds,
  )
  return nowMs - 1000 * Math.max(0, ...lifetimes) - MARGIN_MS
}
