// Pictures in the documentation: every referenced file exists, every file is referenced, and a test takes each picture, so that none is
// outdated.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { readSteps } from './browser/console/page-steps.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const IMAGES = join(ROOT, 'docs/images')

function readAll(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => readFileSync(join(ROOT, folder, path), 'utf8'))
}

function findNamed(pages: readonly string[]): readonly string[] {
  const found = pages.flatMap((page) =>
    [...page.matchAll(/images\/([\w-]+)\.png/g)].map(([, name = '']) => name),
  )
  return [...new Set(found)].sort()
}

/** Named in a test, or in a tutorial that a test follows. */
function findTaken(tests: readonly string[], tutorials: readonly string[]): ReadonlySet<string> {
  const calls = tests.flatMap((test) => [...test.matchAll(/\b(snap|snapBoth)\(\s*page,\s*'([\w-]+)'/g)])
  const called = calls.flatMap(([, by, name = '']) => (by === 'snapBoth' ? [name, `${name}-dark`] : [name]))
  const followed = tutorials.flatMap(readSteps).flatMap((step) => (step.do === 'snap' ? [step.picture] : []))
  return new Set([...called, ...followed])
}

const tests = readAll('tests/src/browser', '.test.ts')
const followed = readAll('docs/tutorials', '-in-the-console.md')
const pages = [readFileSync(join(ROOT, 'README.md'), 'utf8'), ...readAll('docs', '.md')]

it('refers only to existing pictures, and to all of them', () => {
  const there = readdirSync(IMAGES).map((file) => basename(file, '.png'))
  expect(findNamed(pages)).toEqual(there.sort())
  expect(there.length).toBeGreaterThan(5)
})

it('shows only pictures that a test takes', () => {
  const taken = findTaken(tests, followed)
  expect(findNamed(pages).filter((name) => !taken.has(name))).toEqual([])
  expect(findTaken(["await snap(page, 'one'); await snapBoth(page, 'two')"], [])).toEqual(
    new Set(['one', 'two', 'two-dark']),
  )
})
