// Prints the findings of the architecture check for this checkout; exits with 1 if a rule is broken. Warnings never
// fail.
import { fileURLToPath } from 'node:url'

import { checkArchitecture } from './check-architecture.ts'
import { renderFinding } from './finding.ts'
import { readTree } from './tree.ts'

const tree = readTree(fileURLToPath(new URL('../..', import.meta.url)))
const { failures, warnings } = checkArchitecture(tree)
for (const { file, line, message } of warnings) console.log(`warning: ${file}:${line}  ${message}`)
for (const finding of failures) console.log(renderFinding(finding))
console.log(`${tree.files.length} files, ${failures.length} broken rules, ${warnings.length} warnings`)
process.exitCode = failures.length === 0 ? 0 : 1
