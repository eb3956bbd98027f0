// A step of `npm run check`: every binding requirement is named by a test or has a documented exception.
import { fileURLToPath } from 'node:url'

import { AREAS, isBinding, REQUIREMENTS } from '../../tests/src/requirements/catalogue.ts'
import { EXCEPTIONS } from '../../tests/src/requirements/exceptions.ts'
import { collectTests } from './collect-tests.ts'
import { judgeRequirements } from './judge.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const tests = collectTests(ROOT, AREAS)
const findings = judgeRequirements({ requirements: REQUIREMENTS, exceptions: EXCEPTIONS, tests })
for (const { problem, fix } of findings) console.log(`${problem}\n    fix: ${fix}`)

const binding = REQUIREMENTS.filter(isBinding).map(({ id }) => id)
const shown = binding.filter((id) => tests.some(({ ids }) => ids.includes(id)))
console.log(
  `${shown.length} of ${binding.length} binding requirements covered by tests, ${EXCEPTIONS.length} excepted`,
)
process.exitCode = findings.length === 0 ? 0 : 1
