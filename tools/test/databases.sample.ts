// Sample tests for `test-databases.test.ts`: three for each kind of database, without using one.
import { expect, it } from 'vitest'

import { describeOnDatabases, itOnDatabases } from '../test-databases.ts'

describeOnDatabases('on $name', ({ name }) => {
  it('knows its name', () => expect(['sqlite', 'postgres']).toContain(name))
  it.each([1])('is one of a table: %i', (number) => expect(number).toBe(1))
})

itOnDatabases('alone on $name', async ({ name }) => {
  expect(['sqlite', 'postgres']).toContain(name)
})
