// Suspends connections one by one, and undoes exactly that. Suspensions by other users, before or since, stay, since resuming them would widen
// access.

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

export interface Suspended {
  readonly id: string
  readonly suspension: Suspension | undefined
}

export interface SuspendResult {
  readonly suspended: readonly Suspended[]
  /** Already suspended */
  readonly skipped: readonly string[]
  /** Deleted since they were selected */
  readonly deleted: readonly string[]
  /** The failure that ended it early */
  readonly failure?: { readonly error: unknown }
}

/**
 * Stops at the first failure and reports what was done.
 *
 * @param progress - called before each, with the number done
 */
export async function suspendEach(
  ids: readonly string[],
  calls: SuspendCalls,
  progress: (before: number) => void,
): Promise<SuspendResult> {
  const suspended: Suspended[] = []
  const skipped: string[] = []
  const deleted: string[] = []
  for (const [before, id] of ids.entries()) {
    progress(before)
    try {
      // Read now rather than with the list, since the server treats the newest suspension as the active one.
      const held = await calls.readSuspension(id)
      if (held === null) deleted.push(id)
      else if (held !== undefined) skipped.push(id)
      else suspended.push({ id, suspension: await calls.suspend(id) })
    } catch (error) {
      return { suspended, skipped, deleted, failure: { error } }
    }
  }
  return { suspended, skipped, deleted }
}

/**
 * Tries each, even after a failure.
 *
 * @throws the first error
 */
export async function resumeEach(suspended: readonly Suspended[], calls: SuspendCalls): Promise<void> {
  const failures: unknown[] = []
  for (const { id, suspension } of suspended) {
    try {
      const now = await calls.readSuspension(id)
      if (now && now.by === suspension?.by && now.since === suspension.since) await calls.resume(id)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
