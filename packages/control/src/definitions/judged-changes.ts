// Use cases read definitions, validate a change against them, and write it, while other nodes do the same. Therefore
// the first write of a use case names the revision it was validated against. The database rejects it if anything it may
// depend on has changed since, in the same object or another one, and the use case starts again. Later writes of the
// use case follow from the change and are never rejected for this.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'

import { StorageFault } from '@crosswalk/as-core'
import type { Basis, ObjectStep } from '@crosswalk/storage'

import { parseStoredDefinition } from './stored-items.ts'
import { uniqueKeysOf } from './users/user-keys.ts'

const GIVE_UP_MS = 10_000
/** Pauses are random, so that two nodes that collided do not collide again. */
const LONGEST_PAUSE_MS = 20

/** Another node changed definitions first. */
export class StaleRevision extends StorageFault {
  constructor() {
    super('busy', new Error('other nodes changed definitions in the meantime'))
  }
}

interface Judging {
  /** Undefined after the first write */
  revision: number | undefined
}

const judging = new AsyncLocalStorage<Judging>()

/**
 * @param revision - catches up with the database. @returns the revision reached
 * @param useCase - everything before its first write must be repeatable
 * @throws StorageFault if other nodes keep being first
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
      if (!(error instanceof StaleRevision) || performance.now() > deadline) throw error
      await wait(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

/** @returns what the next write of the use case depends on; undefined outside a use case and after its first write */
export function findBasis(steps: readonly ObjectStep[]): Basis | undefined {
  const revision = judging.getStore()?.revision
  return revision === undefined
    ? undefined
    : { revision, lookedUp: { collection: 'users', keys: steps.flatMap(listNames) } }
}

export function recordWrite(): void {
  const current = judging.getStore()
  if (current !== undefined) current.revision = undefined
}

/** Names that must be unique among users. */
function listNames({ collection, id, body }: ObjectStep): readonly string[] {
  return collection === 'users' && body !== undefined
    ? uniqueKeysOf(parseStoredDefinition('users', id, body))
    : []
}
