// `npm test`: every test, or those that the arguments name. Says in one line what this machine lacks and skips what
// needs it; where CI is set it fails instead, and tries a failed test a second time. Ends with a plain count, alone on
// the last line.
// The browser is looked for here; PostgreSQL by the set-up that starts it, `test-postgres-setup.ts`.
import { parseCLI, startVitest } from 'vitest/node'

import { BROWSER_VARIABLE } from './test/browser-variable.ts'
import { findBrowser } from './test/find-browser.ts'
import { findProgram } from './test/find-program.ts'
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

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const tally = inCi && browser === undefined ? NOTHING : await runTests()

// Choosing tests by name skips the others of the same file, which says nothing about the machine.
const mayTolerateSkips = !inCi || options.testNamePattern !== undefined
for (const title of tally.flaky) console.warn(`passed only at a second try: ${title}`)
const problem = findProblem(tally, mayTolerateSkips)
if (problem !== undefined) console.error(`error: ${problem}`)
// Workers or servers that a broken test left behind must not keep the command alive.
process.stdout.write(`${renderTally(tally)}\n`, () => process.exit(problem === undefined ? 0 : 1))

/** @returns no test at all when the set-up itself fails */
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
