// What a machine without PostgreSQL says of a run: the tests that it lacks are skipped, and counted.
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'
import { startVitest } from 'vitest/node'

import { POSTGRES_VARIABLE } from './test-databases.ts'
import { countTests } from './test/tally.ts'

const SAMPLE = fileURLToPath(new URL('test/databases.sample.ts', import.meta.url))

/** Runs the sample in a run of its own. */
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

test('the tests of a database that this machine lacks are counted as skipped', async () => {
  expect(await runSample(undefined)).toEqual({ passed: 3, failed: 0, skipped: 3, flaky: [] })
  expect(await runSample('postgres://nobody@127.0.0.1:1/none')).toEqual({
    passed: 6,
    failed: 0,
    skipped: 0,
    flaky: [],
  })
})
