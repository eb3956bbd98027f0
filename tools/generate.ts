// `npm run generate` writes every file that comes from the code; with --check it only says which are out of date.
import { fileURLToPath } from 'node:url'

import { generatedFiles as commandLineFiles } from '../apps/cli/src/generated-files.ts'
import { generatedFiles as serverFiles } from '../packages/control/src/generated-files.ts'
import { generatedFiles as adminApiFiles } from '../packages/admin-api/src/generated-files.ts'
import { generatedFiles as policyFiles } from '../packages/policy/src/rules/generated-files.ts'
import { DECISION_CODES } from '../packages/protocol/src/codes.ts'
import { renderDecisionCodesPage } from './generate/decision-codes-page.ts'
import { renderLlmsTxt } from './generate/llms-txt.ts'
import { findStaleFiles, writeFiles } from './generate/sync-files.ts'
import { renderConformancePage } from './requirements/render-page.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const files = [
  ...serverFiles(),
  ...commandLineFiles(),
  ...adminApiFiles(),
  ...policyFiles(),
  { path: 'docs/reference/decision-codes.md', content: renderDecisionCodesPage(DECISION_CODES) },
  { path: 'docs/reference/conformance.md', content: renderConformancePage(ROOT) },
  { path: 'llms.txt', content: renderLlmsTxt(ROOT) },
]

const stale = findStaleFiles(ROOT, files)
if (process.argv.includes('--check')) {
  for (const path of stale) console.log(`${path} is not what the code says\n    fix: npm run generate`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  writeFiles(ROOT, files)
  console.log(stale.length === 0 ? 'nothing to change' : `written: ${stale.join(', ')}`)
}
