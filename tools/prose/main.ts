// Prints the words that the table excludes; exits with 1 if there are any. Paths as arguments restrict the check to
// them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { checkProse } from './check-prose.ts'
import { CHECKED, listProseFiles } from './checked.ts'
import { proseOf } from './prose.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const asked = process.argv.slice(2)
const paths = listProseFiles(ROOT, asked.length > 0 ? asked : CHECKED)
const findings = paths.flatMap((path) =>
  checkProse(proseOf(path, readFileSync(join(ROOT, path), 'utf8'))).map((finding) => ({ path, ...finding })),
)
for (const { path, line, words, use } of findings) console.log(`${path}:${line}  "${words}"\n    use: ${use}`)
console.log(`${paths.length} files, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
