// Use cases read what is defined, judge a change by it, and write the change. Other nodes do the same at the same time. So the
// first write of a use case says which revision it was judged by, and the database refuses it if anything it may rest on has
// changed since, the object itself or another; then the use case starts over. What a use case writes after that follows from
// the change, whatever else has changed.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'

import { StorageFault } from '@crosswalk/as-core'
import type { Basis, ObjectStep } from '@crosswalk/storage'

import { parseStoredDefinition } from './stored-items.ts'
import { uniqueKeysOf } from './users/user-keys.ts'

const GIVE_UP_MS = 10_000
/** At random, so that two that meet do not meet again. */
const LONGEST_PAUSE_MS = 20

/** Other nodes were first, time and again. */
export class Outdated extends StorageFault {
  constructor() {
    super('busy', new Error('other nodes changed definitions meanwhile'))
  }
}

interface Judging {
  /** Undefined once it was written */
  revision: number | undefined
}

const judging = new AsyncLocalStorage<Judging>()

/**
 * @param revision - catches up with the database, and says with what
 * @param useCase - whatever it does before its first write must bear repetition
 * @throws StorageFault where others are first all the time
 */
export async function judgeAndWrite<T>(
  revision: () => Promise<number>,
  useCase: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + GIVE_UP_MS
  for (;;) {
    try {
      return await judging.run({ revision: await revision() }, useCase)
    } catch (error) {
      if (!(error instanceof Outdated) || performance.now() > deadline) throw error
      await wait(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

/** @returns what the next write of this use case rests on; undefined outside of one, and once it has written */
export function findBasis(steps: readonly ObjectStep[]): Basis | undefined {
  const revision = judging.getStore()?.revision
  return revision === undefined
    ? undefined
    : { revision, lookedUp: { collection: 'users', keys: steps.flatMap(listNames) } }
}

export function noteWritten(): void {
  const current = judging.getStore()
  if (current !== undefined) current.revision = undefined
}

/** No other user may have them. */
function listNames({ collection, id, body }: ObjectStep): readonly string[] {
  return collection === 'users' && body !== undefined
    ? uniqueKeysOf(parseStoredDefinition('users', id, body))
    : []
}
