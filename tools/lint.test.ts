import { fileURLToPath } from 'node:url'

import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const eslint = new ESLint({ cwd: ROOT })

/** Lints `text` as if it stood in an existing file, which the typed rules need. */
async function lint(file: string, text: string): Promise<(string | null)[]> {
  const results = await eslint.lintText(text, { filePath: `${ROOT}${file}` })
  return results.flatMap((result) => result.messages.map((it) => it.ruleId ?? it.message))
}

const PURE = 'packages/protocol/src/time.ts'
const SERVER = 'packages/as-core/src/ports.ts'
const TOOL = 'tools/check.ts'

test.each([
  ['Date.now in a pure package', PURE, 'export const a = Date.now()', 'no-restricted-properties'],
  ['Math.random in a pure package', PURE, 'export const a = Math.random()', 'no-restricted-properties'],
  ['new Date() in a pure package', PURE, 'export const a = new Date()', 'no-restricted-syntax'],
  ['a default export', SERVER, 'export default 1', 'no-restricted-syntax'],
  ['a default export by name', SERVER, 'const a = 1\nexport { a as default }', 'no-restricted-syntax'],
  ['console in a package', SERVER, 'console.log(1)', 'no-console'],
  ['==', SERVER, 'export const a = (b: number) => b == 1', 'eqeqeq'],
  ['any', SERVER, 'export const a = (b: any) => b', '@typescript-eslint/no-explicit-any'],
  [
    'a promise no one waits for',
    SERVER,
    'export const a = () => { Promise.resolve() }',
    '@typescript-eslint/no-floating-promises',
  ],
  [
    'a promise as a condition',
    SERVER,
    'export const a = (b: () => Promise<boolean>) => { if (b()) return 1; return 2 }',
    '@typescript-eslint/no-misused-promises',
  ],
  [
    'a type imported as a value',
    SERVER,
    "import { Clock } from './clock.ts'\nexport const a: Clock | undefined = undefined",
    '@typescript-eslint/consistent-type-imports',
  ],
  [
    'a switch that forgets a case',
    SERVER,
    "export function a(b: 'x' | 'y') { switch (b) { case 'x': return 1 } return 2 }",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
])('refuses %s', async (_what, file, text, rule) => {
  expect(await lint(file, `${text}\n`)).toEqual([rule])
})

test.each([
  ['the date of a given moment in a pure package', PURE, 'export const a = (b: number) => new Date(b)'],
  ['Date.now in a server', SERVER, 'export const a = Date.now()'],
  ['console and a clock in a tool', TOOL, 'console.log(Date.now(), Math.random())'],
])('takes %s', async (_what, file, text) => {
  expect(await lint(file, `${text}\n`)).toEqual([])
})
