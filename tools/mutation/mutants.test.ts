import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { MUTANTS } from './mutants.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('removes twelve rules, and those of SAML', () => {
  const rules = [...new Set(MUTANTS.map(({ rule }) => rule))]
  expect(rules.filter((rule) => !rule.startsWith('SAML '))).toHaveLength(12)
  expect(rules.filter((rule) => rule.startsWith('SAML '))).toHaveLength(5)
})

it.each(MUTANTS)(
  'finds the code of "$rule" ($effect), and its tests',
  ({ file, text, replacement, tests }) => {
    const source = readFileSync(join(ROOT, file), 'utf8')
    expect(source.split(text)).toHaveLength(2)
    expect(source.replace(text, replacement)).not.toBe(source)
    for (const test of tests) expect(existsSync(join(ROOT, test)), test).toBe(true)
  },
)
