// Files that external services read: their format is valid, and everything they refer to exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type * as WorkflowParser from '@actions/workflow-parser'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

import { ROOT } from './packed.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const readJson = (path: string) => JSON.parse(read(path)) as Record<string, unknown>
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`)

/** GitHub's parser imports JSON in a way that bundlers support and Node.js does not. */
async function loadParser(): Promise<typeof WorkflowParser> {
  const contents = "export * from '@actions/workflow-parser'"
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as typeof WorkflowParser
}
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await loadParser()

/** @returns its problems */
async function findProblems(name: string, content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

describe('workflows', () => {
  it.each(WORKFLOWS)('%s is valid', async (path) => {
    expect(await findProblems(path, read(path))).toEqual([])
  })

  it('an invalid workflow is noticed', async () => {
    const [path = ''] = WORKFLOWS
    const broken = read(path).replace('runs-on:', 'run-on:')
    expect(await findProblems(path, broken)).not.toEqual([])
  })

  it.each(WORKFLOWS)('%s runs only scripts of this repository', (path) => {
    const text = read(path)
    const { scripts } = readJson('package.json') as { scripts: Record<string, string> }
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
    const files = [...text.matchAll(/(?:^|[\s"'])((?:\.\/)?(?:deploy|tools|apps|\.ci|\.github)\/[\w./-]+)/gm)]
    expect(files.length).toBeGreaterThan(0)
    for (const [, file = ''] of files) expect(existsSync(join(ROOT, file)), file).toBe(true)
  })

  it('a release tests before publishing, and is the only workflow with write permission', () => {
    const release = read('.github/workflows/release.yml')
    expect(release).toMatch(/^ {2}pack:\n(?: {4}.*\n)*? {4}needs: ci$/m)
    for (const path of WORKFLOWS) expect(read(path)).toMatch(/^permissions:\n {2}contents: read$/m)
    expect(read('.github/workflows/ci.yml')).not.toMatch(/: write$/m)
  })
})

it('all packages are released in one version', () => {
  expect(readJson('.changeset/config.json')).toMatchObject({ fixed: [['@crosswalk/*']], access: 'public' })
})

it('code owners refer to existing folders', () => {
  const lines = read('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => /^[/*]/.test(line))
  expect(lines.length).toBeGreaterThan(1)
  for (const [pattern = '', ...owners] of lines.map((line) => line.split(/\s+/))) {
    expect(owners.every((owner) => /^@[\w-]+\/[\w-]+$/.test(owner))).toBe(true)
    if (pattern !== '*') expect(existsSync(join(ROOT, pattern)), pattern).toBe(true)
  }
})

it('update rules can match', () => {
  const { packageRules } = readJson('renovate.json') as { packageRules: { matchPackageNames?: string[] }[] }
  const lock = Object.keys((readJson('package-lock.json') as { packages: object }).packages)
  const installed = lock.map((path) => path.replace(/^.*node_modules\//, ''))
  const named = packageRules.flatMap(({ matchPackageNames = [] }) => matchPackageNames)
  expect(named.length).toBeGreaterThan(0)
  for (const name of named) {
    const matches = name.startsWith('/')
      ? installed.some((one) => new RegExp(name.slice(1, -1)).test(one))
      : installed.includes(name)
    expect(matches, name).toBe(true)
  }
})

it('npm compiles what needs compiling, and runs no other install script of a dependency', () => {
  const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> }
  const { packages } = readJson('package-lock.json') as {
    packages: Record<string, { hasInstallScript?: true }>
  }
  const withScript = Object.entries(packages)
    .filter(([path, { hasInstallScript }]) => path.startsWith('node_modules/') && hasInstallScript === true)
    .map(([path]) => path.slice('node_modules/'.length))
  expect(Object.keys(allowScripts).toSorted()).toEqual(withScript.toSorted())
  expect(allowScripts).toMatchObject({ pkcs11js: true })
})

it('the dev container installs what the tests need, and forwards the ports of the demo world', () => {
  const container = readJson('.devcontainer/devcontainer.json')
  expect(container['postCreateCommand']).toBe('npm ci')
  expect(container['onCreateCommand']).toMatch(/chromium.*postgresql.*nginx/)
  expect(container['forwardPorts']).toEqual(expect.arrayContaining([4000, 4001, 4002, 4003, 4004]))
})
