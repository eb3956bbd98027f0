// The fixture of the contract suite: fresh, open storage on the database under test.
import { afterAll, beforeAll } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import type { Storage, StorageOptions } from '../storage.ts'

export interface Fixture {
  /** Available only inside tests. */
  readonly storage: Storage
  readonly url: string
  /** Opens the same database again, like another process. */
  openAgain(): Promise<Storage>
}

/** Creates one fresh database for all tests of the surrounding `describe`. */
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
      if (first === undefined) throw new Error('storage is only open inside tests')
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
