// Changes several objects one by one, and undoes exactly what was changed.

/** What became of one object */
export type Outcome<T> =
  | { readonly state: 'changed'; readonly result: T }
  /** Nothing to change, or not here */
  | { readonly state: 'skipped' }
  /** Deleted since it was selected */
  | { readonly state: 'deleted' }

export interface Changed<T> {
  readonly id: string
  /** What came of it, which undoing needs */
  readonly result: T
}

export interface EachResult<T> {
  readonly changed: readonly Changed<T>[]
  readonly skipped: readonly string[]
  readonly deleted: readonly string[]
  /** The failure that ended it early */
  readonly failure?: { readonly error: unknown }
}

/**
 * Stops at the first failure and reports what was done.
 *
 * @param progress - called before each, with the number done
 */
export async function changeEach<T>(
  ids: readonly string[],
  change: (id: string) => Promise<Outcome<T>>,
  progress: (done: number) => void,
): Promise<EachResult<T>> {
  const changed: Changed<T>[] = []
  const skipped: string[] = []
  const deleted: string[] = []
  for (const [done, id] of ids.entries()) {
    progress(done)
    try {
      const outcome = await change(id)
      if (outcome.state === 'changed') changed.push({ id, result: outcome.result })
      else if (outcome.state === 'skipped') skipped.push(id)
      else deleted.push(id)
    } catch (error) {
      return { changed, skipped, deleted, failure: { error } }
    }
  }
  return { changed, skipped, deleted }
}

/**
 * Tries each, even after a failure.
 *
 * @throws the first error
 */
export async function undoEach<T>(
  changed: readonly Changed<T>[],
  undo: (change: Changed<T>) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = []
  for (const change of changed) {
    try {
      await undo(change)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
