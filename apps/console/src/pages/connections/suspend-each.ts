// Suspends connections one after the other, and undoes exactly that: what another user held before, or holds by
// now, stays as it is, since resuming it would widen access.

/** Who stopped a connection, when: names one act. */
export interface HoldMark {
  readonly by: string
  readonly since: string
}

export interface HoldCalls {
  /** @returns undefined where nothing is in force against it */
  readHold(id: string): Promise<HoldMark | undefined>
  /** @returns the act that is in force now */
  suspend(id: string): Promise<HoldMark | undefined>
  resume(id: string): Promise<unknown>
}

export interface Suspended {
  readonly id: string
  readonly mark: HoldMark | undefined
}

export interface SuspendRun {
  readonly suspended: readonly Suspended[]
  /** Held already */
  readonly skipped: readonly string[]
  /** What ended it before its time */
  readonly failure?: { readonly error: unknown }
}

/**
 * Ends with the first that fails; what was done until then is told.
 *
 * @param progress - told before each, with how many went before it
 */
export async function suspendEach(
  ids: readonly string[],
  calls: HoldCalls,
  progress: (before: number) => void,
): Promise<SuspendRun> {
  const suspended: Suspended[] = []
  const skipped: string[] = []
  for (const [before, id] of ids.entries()) {
    progress(before)
    try {
      // Read now and not when the list was: the server takes the newest act for the one in force.
      if ((await calls.readHold(id)) !== undefined) skipped.push(id)
      else suspended.push({ id, mark: await calls.suspend(id) })
    } catch (error) {
      return { suspended, skipped, failure: { error } }
    }
  }
  return { suspended, skipped }
}

/**
 * Tries each, also after one that failed.
 *
 * @throws what went wrong first
 */
export async function resumeEach(suspended: readonly Suspended[], calls: HoldCalls): Promise<void> {
  const failures: unknown[] = []
  for (const { id, mark } of suspended) {
    try {
      const now = await calls.readHold(id)
      if (now !== undefined && now.by === mark?.by && now.since === mark.since) await calls.resume(id)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
