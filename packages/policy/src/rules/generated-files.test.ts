import { expect, it } from 'vitest'

import { CLAUSE_NAMES } from './clauses.ts'
import { generatedFiles } from './generated-files.ts'

it('the reference page has every clause', () => {
  const [page] = generatedFiles()
  expect(page?.path).toBe('docs/reference/policy-clauses.md')
  for (const name of CLAUSE_NAMES) expect(page?.content).toContain(`\n## \`${name}\`\n`)
})
