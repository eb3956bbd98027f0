// What each part of the contract suite gets: fresh, open storage on the database under test.
import { afterAll, beforeAll } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import type { Storage, StorageOptions } from '../storage.ts'

export interface Fixture {
  /** Valid inside tests. */
  readonly storage: Storage
  readonly url: string
  /** Opens the same database once more, as another process would. */
  openAgain(): Promise<Storage>
}

/** One fresh database for all tests of the surrounding `describe`. */
export function useStorage(kind: TestDatabaseKind, options: StorageOptions = {}): Fixture {
  const opened: Storage[] = []
  let url = ''
  beforeAll(async () => {
    url = await kind.create()
    opened.push(await openStorage(url, options))
  })
  afterAll(async () => {
    await Promise.all(opened.map((storage) => storage.close()))
  })
  return {
    get storage() {
      const [first] = opened
      if (first === undefined) throw new Error('storage is open inside tests only')
      return first
    },
    get url() {
      return url
    },
    async openAgain() {
      const storage = await openStorage(url, options)
      opened.push(storage)
      return storage
    },
  }
}
