// `npm run generate` writes every file that is generated from code; with --check, it only lists outdated files. Long
// JSON documents are artefacts: generated here and after `npm ci` (--artefacts writes only them), not committed. A
// committed file contains their hashes, so that changes to them show in review.
import { fileURLToPath } from 'node:url'

import { generatedFiles as commandLineFiles } from '../apps/cli/src/generated-files.ts'
import { generatedFiles as serverFiles } from '../apps/server/src/generated-files.ts'
import { generatedFiles as controlFiles } from '../packages/control/src/generated-files.ts'
import { generatedFiles as adminApiFiles } from '../packages/admin-api/src/generated-files.ts'
import { generatedFiles as policyFiles } from '../packages/policy/src/rules/generated-files.ts'
import { DECISION_CODES } from '../packages/protocol/src/records/codes.ts'
import { renderAuditEventsPage } from './generate/audit-events-page.ts'
import { renderDecisionCodesPage } from './generate/decision-codes-page.ts'
import { renderLlmsTxt } from './generate/llms-txt.ts'
import { consolePagesFile } from './generate/console-pages.ts'
import { renderAdrIndex } from './generate/adr-index.ts'
import { renderHashes } from './generate/artefact-hashes.ts'
import { findStaleFiles, type GeneratedFile, writeFiles } from './generate/sync-files.ts'
import { vendorFiles } from './generate/vendor-presets.ts'
import { renderConformancePage } from './requirements/render-page.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const fromPackages: readonly GeneratedFile[] = [
  ...serverFiles(),
  ...controlFiles(),
  ...commandLineFiles(),
  ...adminApiFiles(),
  ...policyFiles(),
]
const artefacts = fromPackages.filter(({ artefact }) => artefact)
const files = [
  ...fromPackages.filter(({ artefact }) => !artefact),
  { path: 'tools/generate/artefacts.json', content: renderHashes(artefacts) },
  { path: 'docs/reference/decision-codes.md', content: renderDecisionCodesPage(DECISION_CODES) },
  { path: 'docs/reference/audit-events.md', content: renderAuditEventsPage() },
  { path: 'docs/reference/conformance.md', content: renderConformancePage(ROOT) },
  { path: 'docs/adr/README.md', content: renderAdrIndex(ROOT) },
  consolePagesFile(ROOT),
  ...vendorFiles(ROOT),
  { path: 'llms.txt', content: renderLlmsTxt(ROOT) },
]

const stale = findStaleFiles(ROOT, files)
if (process.argv.includes('--artefacts')) writeFiles(ROOT, artefacts)
else if (process.argv.includes('--check')) {
  for (const path of stale) console.log(`${path} is outdated\n    fix: npm run generate`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  writeFiles(ROOT, [...files, ...artefacts])
  console.log(stale.length === 0 ? 'all files are up to date' : `written: ${stale.join(', ')}`)
}
