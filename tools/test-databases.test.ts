// The result of a run on a machine without PostgreSQL: the tests that need it are skipped, and counted.
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'
import { startVitest } from 'vitest/node'

import { POSTGRES_VARIABLE } from './test-databases.ts'
import { countTests } from './test/tally.ts'

const SAMPLE = fileURLToPath(new URL('test/databases.sample.ts', import.meta.url))

/** Runs the sample in a separate test run. */
async function runSample(server: string | undefined) {
  const before = process.env[POSTGRES_VARIABLE]
  if (server === undefined) delete process.env[POSTGRES_VARIABLE]
  else process.env[POSTGRES_VARIABLE] = server
  try {
    const vitest = await startVitest([SAMPLE], {
      ...{ config: false as const, include: [SAMPLE], reporters: [{}] },
      ...{ watch: false, run: true },
    })
    const tally = countTests(vitest.state.getTestModules(), 0)
    await vitest.close()
    return tally
  } finally {
    if (before === undefined) delete process.env[POSTGRES_VARIABLE]
    else process.env[POSTGRES_VARIABLE] = before
  }
}

test('counts tests of a missing database as skipped', async () => {
  expect(await runSample(undefined)).toEqual({ passed: 3, failed: 0, skipped: 3, flaky: [] })
  expect(await runSample('postgres://nobody@127.0.0.1:1/none')).toEqual({
    passed: 6,
    failed: 0,
    skipped: 0,
    flaky: [],
  })
})
