// The compiler accepts the programs of every page. The test of each page checks what they do.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, expect, it } from 'vitest'

import { readSnippets } from './packages/snippets.ts'
import { checkTypes } from './support/check-types.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DOCS = join(ROOT, 'docs')
/** Below `tests`, so that imports find the packages of the repository. */
const FOLDER = join(ROOT, 'tests/dist/docs-code')
/** Skipped: its packages are installed only for its own test. */
const ELSEWHERE = ['langgraph.ts']
// Readers rarely use this strict option, and other packages do not support it.
const SETTINGS = {
  extends: '../../../tsconfig.json',
  compilerOptions: { exactOptionalPropertyTypes: false },
}

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

function writeProgram(path: string, code: string): void {
  mkdirSync(join(FOLDER, path, '..'), { recursive: true })
  writeFileSync(join(FOLDER, path), code)
}

it('the programs of every page have no type errors', async () => {
  const programs = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => readSnippets(join(DOCS, page)).map((block) => ({ page, ...block })))
    .filter(({ language, info }) => language === 'ts' && info.endsWith('.ts') && !ELSEWHERE.includes(info))
  expect(programs.length).toBeGreaterThan(10)
  for (const { page, info, code } of programs) writeProgram(join(page.replace('.md', ''), info), code)
  writeProgram('planted.ts', "export const port: number = '4000'\n")
  writeProgram('tsconfig.json', JSON.stringify({ ...SETTINGS, include: ['./**/*.ts'] }))
  // The repository's own check covers what they import.
  const errors = (await checkTypes(FOLDER, '.')).filter((line) => !line.startsWith('../'))
  expect(errors).toEqual([expect.stringContaining('planted.ts(1,14)')])
})
