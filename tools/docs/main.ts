// Prints the findings of the docs check for this checkout; exits with 1 if there are any.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { checkDocs } from './check-docs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const README_TESTS = ['tests/src/readme.test.ts', 'tests/src/demo/once.test.ts']

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
const pages = listed
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

const findings = checkDocs({
  pages,
  exists: (path) => existsSync(join(ROOT, path)),
  readmeTest: README_TESTS.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n'),
})
for (const { file, line, message, remedy } of findings)
  console.log(`${file}:${line}  ${message}\n    fix: ${remedy}`)
console.log(`${pages.length} pages, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
