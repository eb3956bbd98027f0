// One contract, every database: what one of them does differently fails here.
import { describe } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { describeLedger } from './contract/ledger.ts'

describe.each(testDatabaseKinds())('$name', (kind) => {
  describe('ledger', () => describeLedger(kind))
})
