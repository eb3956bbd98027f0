// Prints the words outside the table of words; exits 1 when there are any. Paths as arguments check those instead.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { checkProse } from './check-prose.ts'
import { proseOf } from './prose.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** GLOSSARY.md is absent, because it names the words that we do not use. */
const CHECKED = [
  'README.md',
  'docs/README.md',
  'docs/adr',
  'docs/how-to',
  'docs/tutorials',
  'docs/explanation',
  'packages/*/README.md',
  'demos/*.md',
  'examples/*.md',
  'apps/*/README.md',
  'ARCHITECTURE.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'STYLE.md',
]

const asked = process.argv.slice(2)
const listed = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...(asked.length > 0 ? asked : CHECKED)],
  { cwd: ROOT, encoding: 'utf8' },
)
const paths = listed.split('\0').filter((path) => /\.(md|tsx?)$/.test(path) && existsSync(join(ROOT, path)))
const findings = paths.flatMap((path) =>
  checkProse(proseOf(path, readFileSync(join(ROOT, path), 'utf8'))).map((finding) => ({ path, ...finding })),
)
for (const { path, line, words, use } of findings) console.log(`${path}:${line}  "${words}"\n    use: ${use}`)
console.log(`${paths.length} files, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
