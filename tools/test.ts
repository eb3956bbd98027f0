// `npm test`: every test, or those that the arguments name. Says in one line what this machine lacks and skips what
// needs it; where CI is set it fails instead. Ends with a plain count, alone on the last line.
import { parseCLI, startVitest } from 'vitest/node'

import { describeMissing, findMachine } from './test/machine.ts'
import { countTests, findProblem, renderTally } from './test/tally.ts'

const inCi = !['', '0', 'false'].includes(process.env['CI'] ?? '')

const machine = findMachine()
const missing = describeMissing(machine)
for (const line of missing) console.log(line)
if (inCi && missing.length > 0) {
  console.error('error: CI is set, so nothing may be skipped')
  process.exit(1)
}
if (machine.chromium !== undefined) process.env['CROSSWALK_TEST_CHROMIUM'] ??= machine.chromium

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest(filter, { ...options, watch: false, run: true })
const tally = countTests(vitest.state.getTestModules(), vitest.state.getUnhandledErrors().length)
await vitest.close()

// Choosing tests by name skips the others of the same file, which says nothing about the machine.
const chosenByName = options.testNamePattern !== undefined
const problem = findProblem(tally, !inCi || chosenByName)
if (problem !== undefined) console.error(`error: ${problem}`)
// Workers or servers that a broken test left behind must not keep the command alive.
process.stdout.write(`${renderTally(tally)}\n`, () => process.exit(problem === undefined ? 0 : 1))
