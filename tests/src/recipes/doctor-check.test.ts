// Follows the recipe "A doctor check" of ARCHITECTURE.md in a copy of the sources: the check runs, and the reference lists it.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { copySources, follow, NODE_FLAGS, readRecipe } from './follow-recipe.ts'

const RECIPE = readRecipe('A doctor check')

/** Diagnoses an identity provider with the given metadata, and prints the findings and the reference page. */
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

let copy: ReturnType<typeof copySources>
beforeAll(() => {
  copy = copySources(['packages'])
  writeFileSync(join(copy.root, 'diagnose.mjs'), DIAGNOSE)
})
afterAll(() => copy.remove())

function diagnoseWith(metadata: Readonly<Record<string, unknown>>): Printed {
  const args = [...NODE_FLAGS, join(copy.root, 'diagnose.mjs'), JSON.stringify(metadata)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Printed
}

const DPOP = { dpop_signing_alg_values_supported: ['ES256'] }

it('takes one file and one line in the registry', () => {
  expect(RECIPE.map(({ path, kind }) => [path, kind])).toEqual([
    ['packages/lab/src/doctor/dpop-check.ts', 'write'],
    ['packages/lab/src/doctor/checks.ts', 'edit'],
  ])
})

it('adds a new check', () => {
  const before = diagnoseWith({})
  expect(before.findings.some(({ id }) => id === 'M90')).toBe(false)
  expect(before.page).not.toContain('`M90`')

  for (const step of RECIPE) follow(copy.root, step)
  const { findings, page } = diagnoseWith({})
  expect(findings.find(({ id }) => id === 'M90')).toMatchObject({ result: 'info', fix: 'Turn DPoP on.' })
  expect(diagnoseWith(DPOP).findings.find(({ id }) => id === 'M90')).toMatchObject({ result: 'pass' })
  expect(page).toMatch(/## Identity provider[^#]*\| `M90` \| offers DPoP \| information \|/)
  // All other findings stay the same.
  expect(findings.filter(({ id }) => id !== 'M90')).toEqual(before.findings)
})
