import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { TestModule } from 'vitest/node'
import { describe, expect, test } from 'vitest'

import { findBrowser } from './find-browser.ts'
import { findPostgres } from './find-postgres.ts'
import { SLOWEST } from './slowest-first.ts'
import { countTests, findProblem, renderTally } from './tally.ts'

describe('the browser', () => {
  const find = (...installed: string[]) =>
    findBrowser({ env: { PATH: '/usr/local/bin:/usr/bin' }, exists: (path) => installed.includes(path) })

  test.each([
    ['none', [], undefined],
    ['one on PATH', ['/usr/bin/chromium'], '/usr/bin/chromium'],
    ['one off PATH', ['/snap/bin/chromium'], '/snap/bin/chromium'],
    ['two: the first on PATH', ['/snap/bin/chromium', '/usr/bin/google-chrome'], '/usr/bin/google-chrome'],
    [
      'a headless variant beside it',
      ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'],
      '/usr/bin/chromium-headless-shell',
    ],
    ['another program of that name', ['/root/chromium'], undefined],
  ])('%s', (_what, installed, found) => {
    expect(find(...installed)).toBe(found)
  })
})

describe('PostgreSQL', () => {
  /** @param installed - folders of a server with both programs, or the path of a single program */
  const find = (installed: readonly string[], configured?: string) =>
    findPostgres({
      env: { PATH: '/usr/local/bin:/usr/bin' },
      exists: (path) =>
        installed.some(
          (folder) =>
            path === folder || (path.startsWith(`${folder}/`) && !/\/(?:initdb|postgres)$/.test(folder)),
        ),
      list: (folder) =>
        installed.flatMap((path) =>
          path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0] ?? ''] : [],
        ),
      askConfig: () => configured,
    })

  test.each([
    ['none', [], undefined],
    ['one on PATH', ['/usr/bin'], '/usr/bin'],
    ['a client on PATH without a server', ['/usr/bin/initdb'], undefined],
    [
      "Debian's, the newest by number",
      ['/usr/lib/postgresql/9.6/bin', '/usr/lib/postgresql/15/bin'],
      '/usr/lib/postgresql/15/bin',
    ],
    ['the package of the PostgreSQL project for Fedora', ['/usr/pgsql-16/bin'], '/usr/pgsql-16/bin'],
    ['Homebrew', ['/opt/homebrew/opt/postgresql@17/bin'], '/opt/homebrew/opt/postgresql@17/bin'],
    [
      'Postgres.app',
      ['/Applications/Postgres.app/Contents/Versions/18/bin'],
      '/Applications/Postgres.app/Contents/Versions/18/bin',
    ],
    ['two: the one on PATH', ['/usr/lib/postgresql/15/bin', '/usr/local/bin'], '/usr/local/bin'],
  ])('%s', (_what, installed, found) => {
    expect(find(installed)).toBe(found)
  })

  test('one that only pg_config finds', () => {
    expect(find(['/odd/place'], '/odd/place')).toBe('/odd/place')
    expect(find([], '/odd/place')).toBeUndefined()
  })
})

const FIRST_ERROR = { message: 'expected 1 to be 2', stacks: [{ file: '/some.test.ts', line: 7 }] }

/** The parts of a test module that the count reads; `flaky` passed on the second try. */
function moduleOf(states: readonly string[], ok = !states.includes('failed')): TestModule {
  const tests = states.map((state, index) => ({
    fullName: `test ${index}`,
    module: { relativeModuleId: 'some.test.ts' },
    result: () =>
      state === 'flaky' ? { state: 'passed', errors: [FIRST_ERROR] } : { state, errors: undefined },
    diagnostic: () => (state === 'skipped' ? undefined : { flaky: state === 'flaky' }),
  }))
  const allTests = (wanted?: string) =>
    tests.filter((it) => wanted === undefined || it.result().state === wanted)
  return { ok: () => ok, children: { allTests } } as unknown as TestModule
}

describe('the count', () => {
  test('adds up all modules', () => {
    const tally = countTests([moduleOf(['passed', 'skipped']), moduleOf(['passed', 'failed'])], 0)
    expect(renderTally(tally)).toBe('2 passed, 1 failed, 1 skipped')
  })

  test('counts a module that does not load, and an error outside all tests, as failures', () => {
    expect(countTests([moduleOf(['passed']), moduleOf([], false)], 1).failed).toBe(2)
  })

  test('lists tests that passed on the second try, with the error of the first', () => {
    expect(countTests([moduleOf(['passed', 'flaky', 'skipped'])], 0)).toEqual({
      passed: 2,
      failed: 0,
      skipped: 1,
      flaky: ['some.test.ts > test 1\n    expected 1 to be 2\n    at /some.test.ts:7'],
    })
  })

  const NONE = { passed: 0, failed: 0, skipped: 0, flaky: [] }
  test.each([
    ['all passed', { passed: 1, failed: 0, skipped: 0 }, false, undefined],
    ['one failed', { passed: 9, failed: 1, skipped: 0 }, true, '1 failed'],
    ['none ran', { passed: 0, failed: 0, skipped: 0 }, true, 'no test ran'],
    ['only skipped locally', { passed: 0, failed: 0, skipped: 3 }, true, undefined],
    ['some skipped locally', { passed: 1, failed: 0, skipped: 1 }, true, undefined],
    ['some skipped in CI', { passed: 1, failed: 0, skipped: 1 }, false, '1 skipped, and CI skips nothing'],
    ['three on the second try', { passed: 9, flaky: ['a', 'b', 'c'] }, false, undefined],
    ['four', { passed: 9, flaky: ['a', 'b', 'c', 'd'] }, false, '4 passed only on the second try'],
  ])('%s', (_what, tally, mayTolerateSkips, problem) => {
    expect(findProblem({ ...NONE, ...tally }, mayTolerateSkips)).toBe(problem)
  })
})

test.each(SLOWEST)('%s, which starts early, exists', (path) => {
  expect(existsSync(join(import.meta.dirname, '../..', path))).toBe(true)
})
