// Suspends connections one by one, and undoes exactly that. Suspensions by other users, before or since, stay, since resuming them would widen
// access.

/** User and time, which identify a suspension. */
export interface Suspension {
  readonly by: string
  readonly since: string
}

export interface SuspendCalls {
  readSuspension(id: string): Promise<Suspension | undefined>
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
  for (const [before, id] of ids.entries()) {
    progress(before)
    try {
      // Read now rather than with the list, since the server treats the newest suspension as the active one.
      if ((await calls.readSuspension(id)) !== undefined) skipped.push(id)
      else suspended.push({ id, suspension: await calls.suspend(id) })
    } catch (error) {
      return { suspended, skipped, failure: { error } }
    }
  }
  return { suspended, skipped }
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
      if (now !== undefined && now.by === suspension?.by && now.since === suspension.since)
        await calls.resume(id)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
