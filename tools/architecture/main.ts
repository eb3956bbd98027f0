// Prints the findings of the architecture check for this checkout; exits with 1 if a rule is broken. Places over a size
// limit never fail; `--sizes` lists them.
import { fileURLToPath } from 'node:url'

import { checkArchitecture } from './check-architecture.ts'
import { renderFinding } from './finding.ts'
import { readTree } from './tree.ts'

const tree = readTree(fileURLToPath(new URL('../..', import.meta.url)))
const { failures, warnings } = checkArchitecture(tree)
if (process.argv.includes('--sizes'))
  for (const { file, line, message } of warnings) console.log(`${file}:${line}  ${message}`)
else if (warnings.length > 0)
  console.log(`warning: ${warnings.length} places are over a size limit; npm run check:sizes lists them`)
for (const finding of failures) console.log(renderFinding(finding))
console.log(`${tree.files.length} files, ${failures.length} broken rules, ${warnings.length} warnings`)
process.exitCode = failures.length === 0 ? 0 : 1
