// Which connections are unused: those without a grant, and without a change, for a number of days.
import { type ConnectionDefinition, DAY_MS, type EpochMs } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { isHeld, type Item } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'

/** @returns the active connections that are unused; none while the audit log does not reach back that far */
export async function findUnused(
  { directory, storage, clock }: Parts<'directory' | 'storage' | 'clock'>,
  days: number,
): Promise<ReadonlySet<string>> {
  const nowMs = clock.nowMs()
  const before = nowMs - days * DAY_MS
  const firstEventAt = await storage.activity.firstEventAt()
  if (firstEventAt === undefined || firstEventAt > before) return new Set()
  const unchanged = listUnchanged(directory.current(), nowMs, days)
  const grants = await storage.lastUses.readGranted('connection', unchanged)
  return new Set(unchanged.filter((id) => (grants.get(id) ?? 0) <= before))
}

/** @returns the active connections that neither changed nor started within that many days; those of the file never change */
export function listUnchanged(compiled: CompiledWorld, nowMs: EpochMs, days: number): readonly string[] {
  const before = nowMs - days * DAY_MS
  return listActiveConnections(compiled, nowMs)
    .filter(({ updatedAt = 0, definition: { notBefore } }) => {
      const startedAt = notBefore === undefined ? 0 : Date.parse(notBefore)
      return Math.max(updatedAt, startedAt) <= before
    })
    .map(({ definition: { id } }) => id)
}

export function listActiveConnections(
  { world }: CompiledWorld,
  nowMs: EpochMs,
): readonly Item<ConnectionDefinition>[] {
  return [...world.connections.values()].filter(
    ({ definition: { id, status, expiresAt } }) =>
      status === 'active' &&
      !isHeld(world, 'connection', id) &&
      (expiresAt === undefined || Date.parse(expiresAt) > nowMs),
  )
}
