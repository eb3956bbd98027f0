// The baseline is frozen: every release must create the same database.
import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { postgresTraits } from '../dialects/postgres/traits.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { listMigrations } from './migrations.ts'

/** The same on both databases */
const FAILED_ATTEMPTS = 'b78dbf9a331adee77a7e9823f91a4b779e722d813d467d6a4e96cc2c2da5e6d2'
const REQUEST_COUNTS = 'fbdf240a15bc7908d1cffcb516293074d8c8a151a465c3061698beca98864465'
const TOKEN_DESCENTS = 'e82496b5d002c8ebbb3ddb454d776895ab1dc2f5e2ba7036e2f27a9c4855688d'
const STORED_CREDENTIALS = '7fb8a43128f2f6d41f66ac0ae9c50f4368bed28e4edbb90b98cda805b9468279'
const PRIVATE_KEY_URIS = 'a73c6573731fe3bed81ca8b483fbc6650a5707094ee6ea4e2b190b4a677f1a9e'
const ACCOUNT_KEYS = 'e24109284ee704c8b3702380db0af804b305039bc4a571bb953ff721735f9c2e'
const ACCOUNT_LINKS = '1b273c1c9e5697fdb476aa715602c0d02b72aa4ed6283bef641ef029702c626a'

/** By dialect and migration. A new migration adds a line; existing lines never change after a release. */
const FROZEN = {
  sqlite: {
    '0001-baseline': 'beaee29e60cad9b3f4d9ee829e541d6fd2f72e836f9933e564fe5fd57ba0e172',
    '0002-failed-attempts': FAILED_ATTEMPTS,
    '0003-request-counts': REQUEST_COUNTS,
    '0004-token-descents': TOKEN_DESCENTS,
    '0005-stored-credentials': STORED_CREDENTIALS,
    '0006-private-key-uris': PRIVATE_KEY_URIS,
    // No statement
    '0007-event-partitions': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '0008-object-keys': 'b6ebdbc469b9b142b851969ca5464164bfcf20920baf9b12cbd17e6b91c8c9b3',
    '0009-account-keys': ACCOUNT_KEYS,
    '0010-account-links': ACCOUNT_LINKS,
  },
  postgres: {
    '0001-baseline': '5b76f87e004876c5261282f7d85d1b785c95fa8c96dc1b6ce78df34c103b3422',
    '0002-failed-attempts': FAILED_ATTEMPTS,
    '0003-request-counts': REQUEST_COUNTS,
    '0004-token-descents': TOKEN_DESCENTS,
    '0005-stored-credentials': STORED_CREDENTIALS,
    '0006-private-key-uris': PRIVATE_KEY_URIS,
    '0007-event-partitions': '8bb9700a915fd769f64af3931a9d16e99149de7a03df0aa167e57676db09dafb',
    '0008-object-keys': 'cc5a20a403617793f6b4354ac143c10cce6581162cd8893575608f5edb197ba9',
    '0009-account-keys': ACCOUNT_KEYS,
    '0010-account-links': ACCOUNT_LINKS,
  },
}

test.each([sqliteTraits, postgresTraits])('no migration on $name was edited in place', (traits) => {
  const hashes = [...listMigrations(traits)].map(([name, statements]) => {
    const text = statements.map((statement) => statement.replaceAll(/\s+/g, ' ')).join(';')
    return [name, createHash('sha256').update(text).digest('hex')]
  })
  expect(Object.fromEntries(hashes)).toEqual(FROZEN[traits.name])
})
