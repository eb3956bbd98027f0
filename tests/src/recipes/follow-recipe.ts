// Follows a recipe of ARCHITECTURE.md in a copy of the sources: files to write, lines to add or replace.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { linkModules } from '../../../tools/mutation/copy-repository.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NOT_COPIED = new Set(['node_modules', 'dist', 'data', '.git'])
const NODE_FLAGS = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']

const run = promisify(execFile)

interface Step {
  /** Relative to the root of the repository */
  readonly path: string
  readonly kind: 'write' | 'edit'
  readonly text: string
}

/** @returns the steps below a heading, in order; each is a code block with `file=PATH` after its language */
export function readRecipe(heading: string): readonly Step[] {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  const start = page.indexOf(`\n### ${heading}\n`)
  if (start === -1) throw new Error(`no recipe "${heading}"`)
  const [section = ''] = page.slice(start + 5).split(/\n##+ /)
  return [...section.matchAll(/^```(\w+) file=(\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, language, path = '', text = '']) => ({ path, text, kind: language === 'diff' ? 'edit' : 'write' }),
  )
}

/** Performs a step. @throws Error if the context lines of an edit do not occur exactly once */
export function follow(root: string, { path, kind, text }: Step): void {
  const file = join(root, path)
  if (kind === 'write') return writeFileSync(file, text)
  let content = readFileSync(file, 'utf8')
  for (const part of text.trimEnd().split(/^@@$\n?/m)) {
    const lines = part.split('\n').filter((line) => line !== '')
    const before = lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1))
    const after = lines.filter((line) => !line.startsWith('-')).map((line) => line.slice(1))
    const parts = content.split(before.join('\n'))
    if (before.length === 0 || parts.length !== 2)
      throw new Error(`${path} does not have these lines once:\n${before.join('\n')}`)
    content = parts.join(after.join('\n'))
  }
  writeFileSync(file, content)
}

/** Runs a program in the copy. @returns its output */
export async function runInCopy(root: string, program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...NODE_FLAGS, join(root, program), ...args], {
    cwd: join(root, dirname(program)),
  })
  return stdout
}

/** Runs tests in the copy, against the databases of this run. @returns the full names of those that passed */
export async function runTests(
  root: string,
  files: readonly string[],
  pattern: string,
): Promise<readonly string[]> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const report = join(root, 'report.json')
  const reporter = ['--reporter', 'json', '--outputFile', report]
  // Tests that fail are in the report too.
  await run(process.execPath, [vitest, 'run', ...reporter, '-t', pattern, ...files], { cwd: root }).catch(
    () => undefined,
  )
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[]
  }
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ status, fullName }) => (status === 'passed' ? [fullName] : [])),
  )
}

interface Assertion {
  readonly status: string
  readonly fullName: string
}

/** Copies the sources, so that their workspaces find each other and the installed packages. */
export function copySources(): { readonly root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-recipe-'))
  for (const name of readdirSync(ROOT))
    if (!NOT_COPIED.has(name))
      cpSync(join(ROOT, name), join(root, name), {
        recursive: true,
        filter: (path) => !NOT_COPIED.has(basename(path)),
      })
  linkModules(ROOT, root)
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}
