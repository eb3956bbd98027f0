// `npm run mutate`: takes out one security rule at a time, in a copy of the last commit, and wants a test to fail for it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { copyRepository } from './copy-repository.ts'
import { type Mutant, MUTANTS } from './mutants.ts'
import { runTests } from './run-tests.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const only = process.argv[2]
const chosen = MUTANTS.filter(({ rule }) => only === undefined || rule === only)

const copy = copyRepository(ROOT)
process.on('SIGINT', () => process.exit(130))
process.on('exit', () => copy.remove())

const files = [...new Set(chosen.flatMap(({ tests }) => tests))]
const before = await runTests(copy.root, files)
if (!before.passed) {
  console.error(`the tests do not pass as they are: ${before.test ?? 'the run broke'}`)
  process.exit(2)
}
console.log(`${before.tests} tests in ${files.length} files pass with every rule in place\n`)

let survivors = 0
for (const mutant of chosen) {
  const verdict = await judge(mutant)
  if (verdict === undefined) survivors += 1
  console.log(
    `${mutant.rule.padEnd(18)} ${verdict === undefined ? 'SURVIVES' : 'noticed '}  ${mutant.effect}`,
  )
  if (verdict !== undefined) console.log(`${''.padEnd(18)}           by: ${verdict}`)
}
console.log(`\n${chosen.length - survivors} of ${chosen.length} noticed`)
process.exitCode = survivors === 0 && chosen.length > 0 ? 0 : 1

/** @returns the test that noticed, undefined where none did. A run that breaks altogether proves nothing, and throws. */
async function judge({ file, text, replacement, tests, rule }: Mutant): Promise<string | undefined> {
  const path = join(copy.root, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(text).length !== 2) throw new Error(`${rule}: ${file} does not hold once: ${text}`)
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  )
  try {
    const outcome = await runTests(copy.root, tests)
    if (outcome.passed) return undefined
    if (outcome.test === undefined) throw new Error(`${rule}: the mutant of ${file} does not run`)
    return outcome.test
  } finally {
    writeFileSync(path, source)
  }
}
