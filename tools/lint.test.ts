// Tests the linter's rules with planted violations, in a folder with the structure of this repository.
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OXLINT = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin/oxlint')

const PURE = 'packages/protocol/src'
const SERVER = 'packages/as-core/src'
const CONSOLE = 'apps/console/src'
const TOOL = 'tools'

interface Plant {
  readonly what: string
  readonly folder: string
  readonly text: string
  /** Rule by id; absent if the text is allowed */
  readonly rule?: string
}

const PLANTS: readonly Plant[] = [
  {
    what: 'one of two files that import types of each other',
    folder: SERVER,
    text: "export type { b } from './plant-1.ts'\nexport type a = 1",
    rule: 'import(no-cycle)',
  },
  {
    what: 'the other of two files that import types of each other',
    folder: SERVER,
    text: "export type { a } from './plant-0.ts'\nexport type b = 1",
    rule: 'import(no-cycle)',
  },
  {
    what: 'Date.now in a pure package',
    folder: PURE,
    text: 'export const a = Date.now()',
    rule: 'eslint(no-restricted-properties)',
  },
  {
    what: 'Math.random in a pure package',
    folder: PURE,
    text: 'export const a = Math.random()',
    rule: 'eslint(no-restricted-properties)',
  },
  {
    what: 'new Date() in a pure package',
    folder: PURE,
    text: 'export const a = new Date()',
    rule: 'crosswalk(no-clock)',
  },
  {
    what: 'Date() in a pure package',
    folder: PURE,
    text: 'export const a = Date()',
    rule: 'crosswalk(no-clock)',
  },
  { what: 'a default export', folder: SERVER, text: 'export default 1', rule: 'import(no-default-export)' },
  {
    what: 'a default export by name',
    folder: SERVER,
    text: 'const a = 1\nexport { a as default }',
    rule: 'import(no-default-export)',
  },
  {
    what: 'as never in the console',
    folder: CONSOLE,
    text: 'export const a = (b: string) => b as never',
    rule: 'crosswalk(no-as-never)',
  },
  {
    what: 'another assertion in the console',
    folder: CONSOLE,
    text: 'export const a = (b: unknown) => b as string',
  },
  { what: 'console in a package', folder: SERVER, text: 'console.log(1)', rule: 'eslint(no-console)' },
  { what: '==', folder: SERVER, text: 'export const a = (b: number) => b == 1', rule: 'eslint(eqeqeq)' },
  {
    what: 'any',
    folder: SERVER,
    text: 'export const a = (b: any) => b',
    rule: 'typescript(no-explicit-any)',
  },
  {
    what: 'a promise that is not awaited',
    folder: SERVER,
    text: 'export const a = () => { Promise.resolve() }',
    rule: 'typescript(no-floating-promises)',
  },
  {
    what: 'a promise as a condition',
    folder: SERVER,
    text: 'export const a = (b: () => Promise<boolean>) => { if (b()) return 1; return 2 }',
    rule: 'typescript(no-misused-promises)',
  },
  {
    what: 'a type imported as a value',
    folder: SERVER,
    text: "import { Stats } from 'node:fs'\nexport const a: Stats | undefined = undefined",
    rule: 'typescript(consistent-type-imports)',
  },
  {
    what: 'a switch without a case',
    folder: SERVER,
    text: "export function a(b: 'x' | 'y') { switch (b) { case 'x': return 1 } return 2 }",
    rule: 'typescript(switch-exhaustiveness-check)',
  },
  {
    what: 'the date of a given moment in a pure package',
    folder: PURE,
    text: 'export const a = (b: number) => new Date(b)',
  },
  { what: 'Date.now in a server', folder: SERVER, text: 'export const a = Date.now()' },
  { what: 'console and a clock in a tool', folder: TOOL, text: 'console.log(Date.now(), new Date())' },
]

let folder = ''
/** Rules by file */
let found: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-lint-'))
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json'])
    copyFileSync(join(ROOT, name), join(folder, name))
  cpSync(join(ROOT, 'tools/lint'), join(folder, 'tools/lint'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  PLANTS.forEach((plant, index) => {
    mkdirSync(join(folder, plant.folder), { recursive: true })
    writeFileSync(join(folder, fileOf(plant, index)), `${plant.text}\nexport {}\n`)
  })
  found = await lint()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(PLANTS.map((plant, index) => ({ ...plant, index })))(
  'checks $what',
  ({ index, rule, ...plant }) => {
    expect(found.get(fileOf(plant, index)) ?? []).toEqual(rule === undefined ? [] : [rule])
  },
)

function fileOf(plant: Plant, index: number): string {
  return `${plant.folder}/plant-${index}.ts`
}

interface Diagnostic {
  readonly code: string
  readonly filename: string
}

async function lint(): Promise<ReadonlyMap<string, readonly string[]>> {
  const output = await new Promise<string>((resolve) => {
    // It exits with 1 if it found something.
    execFile(
      process.execPath,
      [OXLINT, '--format=json', 'apps', 'packages', 'tools'],
      { cwd: folder },
      (_, stdout) => resolve(stdout),
    )
  })
  const { diagnostics } = JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] }
  const byFile = Map.groupBy(diagnostics, ({ filename }) => filename)
  return new Map([...byFile].map(([file, some]) => [file, some.map(({ code }) => code)]))
}
