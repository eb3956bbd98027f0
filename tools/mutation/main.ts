// `npm run mutate`: introduces defects into a copy of the last commit, and expects tests to detect them. Without
// arguments: the named security rules, then each package. `rules [NAME]` or names of packages select; `--only GLOB`,
// which can be repeated, restricts a package to those of its files; `--reports FOLDER` writes the result of every
// mutant as JSON, one file per package.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { copyRepository } from './copy-repository.ts'
import { mutatePackage } from './mutate-package.ts'
import { mutateRules } from './mutate-rules.ts'
import { MUTATED_PACKAGES } from './packages.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    reports: { type: 'string' },
  },
})
const [first, ...more] = positionals
const names = first === undefined || first === 'rules' ? [] : [first, ...more]
const unknown = names.filter((name) => !MUTATED_PACKAGES.some((one) => one.name === name))
if (unknown.length > 0) {
  const known = MUTATED_PACKAGES.map(({ name }) => name).join(' | ')
  console.error(
    `error: unknown ${unknown.join(' ')}\nusage: npm run mutate -- [rules [NAME] | ${known} …] [--only GLOB] [--reports FOLDER]`,
  )
  process.exit(2)
}

const reports = values.reports === undefined ? undefined : resolve(values.reports)
const copy = copyRepository(ROOT)
process.on('SIGINT', () => process.exit(130))
process.on('exit', () => copy.remove())

let passed = true
if (names.length === 0) passed = await mutateRules(copy.root, first === 'rules' ? more[0] : undefined)
const chosen =
  first === undefined ? MUTATED_PACKAGES : MUTATED_PACKAGES.filter(({ name }) => names.includes(name))
for (const one of chosen) {
  console.log(`\n== ${one.name}`)
  passed = (await mutatePackage(copy.root, one, { only: values.only, reports })) && passed
}
process.exitCode = passed ? 0 : 1
