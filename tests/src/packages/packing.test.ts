// Every public package: packed, inspected, installed into an empty project and run there.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { publint } from 'publint'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listPublicPackages, type PublicPackage } from '../../../tools/build/public-packages.ts'
import { checkTypes } from '../support/check-types.ts'
import { readTutorial, TUTORIALS } from '../support/read-tutorial.ts'
import { copyExamples, EXAMPLE_NAMES, listForeignDependencies } from './examples.ts'
import { describeInstalledServer } from './installed-server-suite.ts'
import {
  findOldest,
  listRuntimes,
  packAndInstall,
  type Packed,
  REPOSITORY,
  ROOT,
  satisfies,
} from './packed.ts'
import { readSnippets } from './snippets.ts'

const PACKAGES = listPublicPackages(ROOT)
const NAMES = PACKAGES.map(({ name }) => name)
/** Entries that must run on any JavaScript runtime. */
const ANYWHERE = ['client', 'mcp', 'protocol', 'resource'].map((name) => `@crosswalk/${name}`)

const runtimes = await listRuntimes()
/** The minimum that examples and tutorials document. */
const OLDEST = findOldest(runtimes, '>=22.18')

let packed: Packed | undefined
beforeAll(async () => {
  packed = await packAndInstall(listForeignDependencies())
})
afterAll(() => packed?.remove())

const installed = () => {
  if (packed === undefined) throw new Error('nothing was packed')
  return packed
}
const find = (name: string) => {
  const found = installed().packages.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} was not packed`)
  return found
}

it('packs every public package', () => {
  expect(NAMES).toEqual(expect.arrayContaining(ANYWHERE))
  expect(installed().packages.map(({ name }) => name)).toEqual(NAMES)
})

it('writes nothing but the archives', () => {
  const archives = installed().packages.map(({ tarball }) => basename(tarball))
  const [{ tarball: first = '' } = {}] = installed().packages
  expect(readdirSync(dirname(first)).toSorted()).toEqual(archives.toSorted())
})

describe.each(NAMES)('%s', (name) => {
  it('passes publint', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(find(name).tarball)
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
    const { messages } = await publint({ pack: { tarball }, strict: true })
    expect(messages).toEqual([])
  })

  it('has types that resolve', async () => {
    const tarball = new Uint8Array(readFileSync(find(name).tarball))
    const analysis = await checkPackage(createPackageFromTarballData(tarball))
    const problems = analysis.types === false ? ['no types'] : analysis.problems.filter(isForModules)
    expect(problems).toEqual([])
  })

  it('contains output and sources, but no test code', () => {
    const folder = join(installed().project, 'node_modules', name)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']),
    )
    expect(
      files.filter((file) => /\.test\.|(^|\/)(testing|contract)(\/|$)|generated-files/.test(file)),
    ).toEqual([])
  })

  it('declares licence, repository and side effects', () => {
    const folder = join(installed().project, 'node_modules', name)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object
    expect(manifest).toMatchObject({
      license: 'Apache-2.0',
      description: expect.stringMatching(/\w/) as string,
      engines: { node: expect.stringMatching(/^>=2\d/) as string },
      repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: relative(ROOT, find(name).folder) },
    })
    expect(manifest).toHaveProperty('sideEffects')
    expect(manifest).not.toHaveProperty('publishConfig')
    const licence = readFileSync(join(folder, 'LICENSE'), 'utf8')
    expect(licence).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'))
    expect(licence).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION')
  })

  it('explains its purpose in its README, with code', () => {
    expect(readSnippets(join(find(name).folder, 'README.md')).length).toBeGreaterThan(0)
  })
})

it.each(ANYWHERE)('%s uses only web standards', (name) => {
  const folder = join(installed().project, 'node_modules', name, 'dist')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  )
  expect(files.length).toBeGreaterThan(0)
  const code = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  expect(code).toMatch(/^import /m)
  expect([...code.matchAll(/["']node:\w+["']|\b(?:process|Buffer|require)\b(?=[.(])/g)].map(String)).toEqual(
    [],
  )
})

describe.each(runtimes)('installed, on Node.js $version', (runtime) => {
  const running = PACKAGES.filter(({ manifest }) => satisfies(runtime, manifest.engines?.node ?? '>=20'))

  it('every entry can be imported', async () => {
    const entries = running.flatMap(listEntries)
    expect(entries).toEqual(expect.arrayContaining(['@crosswalk/client', '@crosswalk/resource/express']))
    const code = `const entries = ${JSON.stringify(entries)}
      const counted = await Promise.all(entries.map(async (it) => [it, Object.keys(await import(it)).length]))
      console.log(JSON.stringify(counted))`
    const counted = JSON.parse(await installed().evaluate(runtime, code)) as [string, number][]
    expect(counted.filter(([, exported]) => exported === 0)).toEqual([])
    expect(counted.map(([entry]) => entry)).toEqual(entries)
  })

  it('the programs in the READMEs run', async () => {
    const programs = running.flatMap(({ name, folder }) =>
      listAlone(folder).map((code, at) => [`${name} ${at}`, toJavaScript(code)]),
    )
    const known = ['protocol', 'policy'].map((it) => `@crosswalk/${it}`)
    const wanted = known.filter((it) => running.some(({ name }) => name === it)).map((it) => `${it} 0`)
    expect(programs.map(([name]) => name)).toEqual(expect.arrayContaining(wanted))
    expect(await installed().evaluateAll(runtime, Object.fromEntries(programs))).toEqual({})
  })
})

describeInstalledServer(runtimes, () => installed().packages)

describe(`copied beside installed packages, on Node.js ${OLDEST.version}`, () => {
  function needFrameworks(skip: (condition: boolean, note: string) => void): void {
    if ((process.env['CI'] ?? '') === '')
      skip(!installed().hasFrameworks, 'the frameworks can be had neither from npm nor its cache')
  }

  it.for(EXAMPLE_NAMES)(
    'the example in %s takes Agent0 from alice signing in to her todos',
    async (name, { skip }) => {
      needFrameworks(skip)
      const example = await copyExamples(installed().project).play(name, OLDEST)
      try {
        expect(await example.useAgent('alice')).toBe(
          "todos: []\nadded: [ 'buy milk' ]\nnot allowed: todos.delete\n",
        )
        expect((await fetch(`${example.vendorUrl}/api/todos`)).status).toBe(401)
        expect(await (await fetch(example.vendorUrl)).text()).toBe('Todo0')
        // Tests on our sources cover bob.
        if (name === 'nextjs') expect(await example.useAgent('bob')).toMatch(/^blocked: /)
      } finally {
        await example.stop()
      }
    },
  )

  it.for(TUTORIALS)('the tutorial %s prints the documented output', async (page, { skip }) => {
    needFrameworks(skip)
    const { commands, write } = readTutorial(page)
    const folder = write(join(installed().project, 'tutorials'))
    const programs = commands.filter(({ command }) => command.startsWith('node '))
    expect(programs.length).toBeGreaterThan(0)
    for (const { command, printed } of programs)
      expect(await installed().runFile(OLDEST, join(folder, command.replace('node ', '')))).toBe(printed)
  })
})

it('has valid type declarations', async () => {
  // Vitest's declarations do not compile in isolation; this repository's type check covers what we add to them.
  const entries = PACKAGES.flatMap(listEntries).filter((entry) => !entry.endsWith('/vitest'))
  const planted = "export const port: number = '4000'"
  const lines = [planted, ...entries.map((entry, at) => `export * as entry${at} from '${entry}'`)]
  const { project } = installed()
  writeFileSync(join(project, 'types.ts'), lines.join('\n'))
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: 'nodenext',
    strict: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }))
  const errors = await checkTypes(project, '.')
  // Ignore errors in third-party declarations.
  expect(errors.filter((line) => /^(types\.ts|.*@crosswalk)/.test(line))).toEqual([
    expect.stringContaining('types.ts(1,14)'),
  ])
})

/** Entries for import; one without types is a command. */
function listEntries({ name, manifest }: PublicPackage): readonly string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, file]) => typeof file !== 'string' && file['types'] !== undefined)
    .map(([entry]) => name + entry.slice(1))
}

/** The packages are ES modules, so older resolution and `require` are not checked. */
function isForModules(problem: Problem): boolean {
  const kind = 'resolutionKind' in problem ? problem.resolutionKind : 'bundler'
  return kind === 'bundler' || kind === 'node16-esm'
}

/** Self-contained code of a README. */
function listAlone(folder: string): readonly string[] {
  const snippets = readSnippets(join(folder, 'README.md'))
  return snippets.filter(({ info }) => info === 'alone').map(({ code }) => code)
}

function toJavaScript(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024 }
  return ts.transpileModule(code, { compilerOptions }).outputText
}
