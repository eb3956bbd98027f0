// Disables one named security rule at a time, in a copy of the last commit, and expects a test to fail.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Mutant, MUTANTS } from './mutants.ts'
import { runTests } from './run-tests.ts'

/**
 * @param root - a copy of the repository, which is modified and restored
 * @param only - one rule by name; default: all
 * @returns whether a test detected each of them
 * @throws if the tests fail without a mutant, or a mutant does not run at all, because either would prove nothing
 */
export async function mutateRules(root: string, only?: string): Promise<boolean> {
  const chosen = MUTANTS.filter(({ rule }) => only === undefined || rule === only)
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))]
  const before = await runTests(root, files)
  if (!before.passed) throw new Error(`the tests fail without a mutant: ${before.test ?? 'the run failed'}`)
  console.log(`${before.tests} tests in ${files.length} files pass with every rule in place\n`)

  let survivors = 0
  for (const mutant of chosen) {
    const noticedBy = await judge(root, mutant)
    if (noticedBy === undefined) survivors += 1
    console.log(
      `${mutant.rule.padEnd(18)} ${noticedBy === undefined ? 'SURVIVES' : 'noticed '}  ${mutant.effect}`,
    )
    if (noticedBy !== undefined) console.log(`${''.padEnd(18)}           by: ${noticedBy}`)
  }
  console.log(`\n${chosen.length - survivors} of ${chosen.length} noticed`)
  return survivors === 0 && chosen.length > 0
}

/** @returns the test that detected the mutant; undefined if none did */
async function judge(
  root: string,
  { file, text, replacement, tests, rule }: Mutant,
): Promise<string | undefined> {
  const path = join(root, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(text).length !== 2)
    throw new Error(`${rule}: ${file} does not contain exactly once: ${text}`)
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  )
  try {
    const outcome = await runTests(root, tests)
    if (outcome.passed) return undefined
    if (outcome.test === undefined) throw new Error(`${rule}: the mutant of ${file} does not run`)
    return outcome.test
  } finally {
    writeFileSync(path, source)
  }
}
