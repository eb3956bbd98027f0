import type { TestModule } from 'vitest/node'
import { describe, expect, test } from 'vitest'

import { describeMissing, findMachine, type Lookup } from './machine.ts'
import { countTests, findProblem, renderTally } from './tally.ts'

function lookupOf(files: readonly string[], folders: Readonly<Record<string, string[]>> = {}): Lookup {
  return {
    env: { PATH: '/usr/local/bin:/usr/bin' },
    exists: (path) => files.includes(path),
    glob: (pattern) => folders[pattern] ?? [],
  }
}

describe('what the machine has', () => {
  test('nothing: one line for each, with the way to get it', () => {
    const lines = describeMissing(findMachine(lookupOf([])))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('apt-get install chromium')
    expect(lines[1]).toContain('apt-get install postgresql')
  })

  test('a browser on PATH, and the newest PostgreSQL off it', () => {
    const at = (version: number) => `/usr/lib/postgresql/${version}/bin`
    const programs = [9, 15].flatMap((it) => [`${at(it)}/initdb`, `${at(it)}/postgres`])
    const machine = findMachine(
      lookupOf(['/usr/bin/chromium', ...programs], { '/usr/lib/postgresql/*/bin': [at(9), at(15)] }),
    )
    expect(machine).toEqual({ chromium: '/usr/bin/chromium', postgres: at(15) })
    expect(describeMissing(machine)).toEqual([])
  })

  test('PostgreSQL without its server programs is not one', () => {
    expect(findMachine(lookupOf(['/usr/bin/initdb'])).postgres).toBeUndefined()
  })
})

/** Just what the count reads of a test module. */
function moduleOf(states: readonly string[], ok = !states.includes('failed')): TestModule {
  const tests = states.map((state) => ({ result: () => ({ state }) }))
  const allTests = (wanted?: string) =>
    tests.filter((it) => wanted === undefined || it.result().state === wanted)
  return { ok: () => ok, children: { allTests } } as unknown as TestModule
}

describe('the count', () => {
  test('adds up all modules', () => {
    const tally = countTests([moduleOf(['passed', 'skipped']), moduleOf(['passed', 'failed'])], 0)
    expect(renderTally(tally)).toBe('2 passed, 1 failed, 1 skipped')
  })

  test('counts a module that does not load, and an error outside every test, as failures', () => {
    expect(countTests([moduleOf(['passed']), moduleOf([], false)], 1).failed).toBe(2)
  })

  test.each([
    ['all passed', { passed: 1, failed: 0, skipped: 0 }, false, undefined],
    ['one failed', { passed: 9, failed: 1, skipped: 0 }, true, '1 failed'],
    ['none ran', { passed: 0, failed: 0, skipped: 0 }, true, 'no test ran'],
    ['only skipped', { passed: 0, failed: 0, skipped: 3 }, true, 'no test ran'],
    ['some skipped at home', { passed: 1, failed: 0, skipped: 1 }, true, undefined],
    ['some skipped in CI', { passed: 1, failed: 0, skipped: 1 }, false, '1 skipped, and CI skips nothing'],
  ])('%s', (_what, tally, mayTolerateSkips, problem) => {
    expect(findProblem(tally, mayTolerateSkips)).toBe(problem)
  })
})
