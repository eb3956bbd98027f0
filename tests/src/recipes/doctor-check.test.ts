// "How to add a doctor check" of ARCHITECTURE.md, followed to the letter: the check runs, and stands in the reference.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { copyWorkspace, followStep, readRecipe } from './follow-recipe.ts'

const RECIPE = readRecipe('How to add a doctor check')

/** Diagnoses an identity provider with the metadata given, and prints the findings with the reference page. */
const DIAGNOSE = `
import { diagnose, renderDoctorPage } from './packages/lab/src/index.ts'
const issuer = 'https://idp.example'
const more = JSON.parse(process.argv[2])
const send = async (request) => ({
  request, headers: {}, cookies: [], ms: 1, status: 200, text: '', json: { issuer, ...more },
})
const around = { sender: { send, close: async () => undefined }, nowMs: () => 0 }
const { findings } = await diagnose(around, { idps: [issuer], servers: [], resources: [] })
console.log(JSON.stringify({ findings, page: renderDoctorPage() }))
`

interface Printed {
  readonly findings: readonly { readonly id: string; readonly result: string; readonly fix?: string }[]
  readonly page: string
}

let copy: ReturnType<typeof copyWorkspace>
beforeAll(() => {
  copy = copyWorkspace('packages/lab')
  writeFileSync(join(copy.folder, 'diagnose.mjs'), DIAGNOSE)
})
afterAll(() => copy.remove())

function diagnoseWith(metadata: Readonly<Record<string, unknown>>): Printed {
  const flags = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']
  const args = [...flags, join(copy.folder, 'diagnose.mjs'), JSON.stringify(metadata)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Printed
}

const DPOP = { dpop_signing_alg_values_supported: ['ES256'] }

it('has one file and one line of the registry', () => {
  expect(RECIPE.map(({ file, language }) => [file, language])).toEqual([
    ['packages/lab/src/doctor/dpop-check.ts', 'ts'],
    ['packages/lab/src/doctor/checks.ts', 'diff'],
  ])
})

it('adds a check that is not there before', () => {
  const before = diagnoseWith({})
  expect(before.findings.some(({ id }) => id === 'M90')).toBe(false)
  expect(before.page).not.toContain('`M90`')

  for (const step of RECIPE) followStep(copy.folder, step)
  const { findings, page } = diagnoseWith({})
  expect(findings.find(({ id }) => id === 'M90')).toMatchObject({ result: 'info', fix: 'Turn DPoP on.' })
  expect(diagnoseWith(DPOP).findings.find(({ id }) => id === 'M90')).toMatchObject({ result: 'pass' })
  expect(page).toMatch(/## Identity provider[^#]*\| `M90` \| offers DPoP \| information \|/)
  // Nothing else is told otherwise than before.
  expect(findings.filter(({ id }) => id !== 'M90')).toEqual(before.findings)
})
