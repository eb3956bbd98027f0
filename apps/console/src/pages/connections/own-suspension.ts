// Suspends a connection, and undoes exactly that. Suspensions by other users, before or since, stay, since resuming them would widen access.
import type { Changed, Outcome } from '../../components/selection/change-each.ts'

/** User and time, which identify a suspension. */
export interface Suspension {
  readonly by: string
  readonly since: string
}

export interface SuspendCalls {
  /** @returns undefined if it is not suspended, null if it does not exist */
  readSuspension(id: string): Promise<Suspension | undefined | null>
  suspend(id: string): Promise<Suspension | undefined>
  resume(id: string): Promise<unknown>
}

export async function suspendUnlessHeld(
  id: string,
  calls: SuspendCalls,
): Promise<Outcome<Suspension | undefined>> {
  // Read now rather than with the list, since the server treats the newest suspension as the active one.
  const held = await calls.readSuspension(id)
  if (held === null) return { state: 'deleted' }
  if (held !== undefined) return { state: 'skipped' }
  return { state: 'changed', result: await calls.suspend(id) }
}

export async function resumeOwn(
  { id, result: own }: Changed<Suspension | undefined>,
  calls: SuspendCalls,
): Promise<void> {
  const now = await calls.readSuspension(id)
  if (now && now.by === own?.by && now.since === own.since) await calls.resume(id)
}
