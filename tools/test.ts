// `npm test`: runs all tests, or those that the arguments name. Reports missing programs in one line each, and skips
// the tests that need them; in CI it fails instead, and retries a failed test once. Ends with a plain count on the
// last line. This file finds the browser; `test-postgres-setup.ts` starts PostgreSQL.
import { parseCLI, startVitest } from 'vitest/node'

import { BROWSER_VARIABLE } from './test/browser-variable.ts'
import { findBrowser } from './test/find-browser.ts'
import { findProgram } from './test/find-program.ts'
import { makeTemporaryFolder } from './test/temporary-folder.ts'
import { countTests, findProblem, renderTally, type Tally } from './test/tally.ts'

const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, flaky: [] }
const inCi = (process.env['CI'] ?? '') !== ''

const browser = process.env[BROWSER_VARIABLE] ?? findBrowser()
if (browser !== undefined) process.env[BROWSER_VARIABLE] = browser
else {
  const consequence = inCi ? 'and CI skips nothing' : 'its tests are skipped'
  console.warn(`Chromium is not installed: ${consequence} (on Debian: apt-get install chromium)`)
}

for (const program of ['nginx', 'slapd']) {
  if (findProgram(program) !== undefined) continue
  const consequence = inCi ? 'and CI skips nothing' : 'its tests are skipped'
  console.warn(`${program} is not installed: ${consequence} (on Debian: apt-get install ${program})`)
}

process.env['TMPDIR'] ??= makeTemporaryFolder()

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const tally = inCi && browser === undefined ? NOTHING : await runTests()

// Selecting tests by name skips the others of the same file, which does not indicate a missing program.
const mayTolerateSkips = !inCi || options.testNamePattern !== undefined
for (const title of tally.flaky) console.warn(`passed only on the second try: ${title}`)
const problem = findProblem(tally, mayTolerateSkips)
if (problem !== undefined) console.error(`error: ${problem}`)
// Workers or servers that a failed test left running must not keep the command alive.
process.stdout.write(`${renderTally(tally)}\n`, () => process.exit(problem === undefined ? 0 : 1))

/** @returns a count of no tests if the set-up itself fails */
async function runTests(): Promise<Tally> {
  try {
    const vitest = await startVitest(filter, {
      ...options,
      watch: false,
      run: true,
      ...(inCi && { retry: 1 }),
    })
    const { state } = vitest
    const counted = countTests(state.getTestModules(), state.getUnhandledErrors().length)
    await vitest.close()
    return counted
  } catch (error) {
    console.error(error)
    return NOTHING
  }
}
