// Whether access over a connection is stopped. A rule approves none that is: it would begin as soon as the stop is lifted.
import { findBlock } from '@crosswalk/policy'

import { findEffectiveState } from '../definitions/effective-state.ts'
import { type AccessGrantRecord, holdId } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'

/** @returns what stops it */
export function findStop(
  { directory, clock }: Parts<'directory' | 'clock'>,
  { user, app, connection }: Pick<AccessGrantRecord, 'user' | 'app' | 'connection'>,
): string | undefined {
  const { world, exchange } = directory.current()
  const definition = world.connections.get(connection)?.definition
  if (definition === undefined) return `there is no connection ${connection}`
  const nowMs = clock.nowMs()
  const hold = world.holds.get(holdId('connection', connection))
  const state = findEffectiveState('connections', definition, { hold, nowMs })
  if (state !== 'active') return `the connection ${connection} is ${state}`
  const question = { now: nowMs / 1000, userId: user, appId: app, connectionId: connection }
  const block = findBlock(exchange?.blocks ?? [], question)
  return block && `the block ${block.id} is in effect`
}
