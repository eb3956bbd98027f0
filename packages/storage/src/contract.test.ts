// One contract, every database: what one of them does differently fails here.
import { describe } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { describeEvents } from './contract/events.ts'
import { describeLedger } from './contract/ledger.ts'
import { describeObjects } from './contract/objects.ts'
import { describeSignIn } from './contract/sign-in.ts'
import { describeStores } from './contract/stores.ts'
import { describeTampering } from './contract/tampering.ts'

describe.each(testDatabaseKinds())('$name', (kind) => {
  describe('ledger', () => describeLedger(kind))
  describe('events', () => describeEvents(kind))
  describe('tampering', () => describeTampering(kind))
  describe('stores', () => describeStores(kind))
  describe('sign-in', () => describeSignIn(kind))
  describe('objects', () => describeObjects(kind))
})
