// Compiles packages to ESM with types: `packages/X/src` → `dist` of X. One program for all of them, so that every file is
// checked once. Tests, the folders `testing` and `contract`, and what only generates files stay out.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

import ts from 'typescript'

import type { PublicPackage } from './public-packages.ts'

const STAYS_HERE = /(\.test\.ts$)|(^|\/)(testing|contract)\/|(^|\/)generated-files\.ts$/
/** Relative imports in declarations, which the compiler leaves as they are written. */
const SOURCE_IMPORT = /\b(from |import\(|import )(["'])(\.{1,2}\/[^"']+)\.ts\2/g

export interface BuildOptions {
  readonly outputs?: ReadonlyMap<string, string>
  readonly checked?: boolean
}

/**
 * @param outputs - by name of the package, the folder that its `dist` is made in; beside its sources unless given
 * @param checked - false: the types were checked before, so only output is made
 * @returns what the compiler found wrong, rendered; empty when everything was written
 */
export function buildPackages(
  root: string,
  packages: readonly PublicPackage[],
  { outputs = new Map(), checked = true }: BuildOptions = {},
): readonly string[] {
  const program = ts.createProgram(
    packages.flatMap(({ folder }) => listSources(folder)),
    readOptions(root),
  )
  const problems = checked ? ts.getPreEmitDiagnostics(program) : []
  if (problems.length > 0) return problems.map(renderProblem)
  const places = packages.map(({ name, folder }) => ({
    src: join(folder, 'src'),
    dist: join(outputs.get(name) ?? folder, 'dist'),
  }))
  for (const { dist } of places) rmSync(dist, { recursive: true, force: true })
  const { diagnostics } = program.emit(undefined, (path, text) => {
    const place = places.find(({ src }) => path.startsWith(src + sep) || path.startsWith(`${src}/`))
    if (place !== undefined) write(place.dist, relative(place.src, path), text)
  })
  return diagnostics.map(renderProblem)
}

/** The options everything is checked with, and those of output. */
function readOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: unknown }
  const output = { noEmit: false, declaration: true, declarationMap: true, sourceMap: true }
  return {
    ...ts.parseJsonConfigFileContent(config, ts.sys, root).options,
    ...output,
    rootDir: root,
    outDir: root,
  }
}

function listSources(folder: string): readonly string[] {
  const src = join(folder, 'src')
  return ts.sys
    .readDirectory(src, ['.ts'])
    .filter((path) => !STAYS_HERE.test(relative(src, path).replaceAll(sep, '/')))
}

function write(dist: string, path: string, text: string): void {
  const placed = join(dist, path)
  mkdirSync(dirname(placed), { recursive: true })
  writeFileSync(placed, adapt(path.replaceAll(sep, '/'), text))
}

function adapt(path: string, text: string): string {
  if (path.endsWith('.map')) return redirectMap(path, text)
  return path.endsWith('.d.ts') ? text.replace(SOURCE_IMPORT, '$1$2$3.js$2') : text
}

/** The compiler believes its output beside the source; the map has to lead from `dist` to `src`. */
function redirectMap(path: string, text: string): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[] }
  const up = '../'.repeat(path.split('/').length)
  const below = dirname(path) === '.' ? '' : `${dirname(path)}/`
  return JSON.stringify({ ...map, sources: map.sources.map((source) => `${up}src/${below}${source}`) })
}

function renderProblem(problem: ts.Diagnostic): string {
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => '\n',
  }
  return ts.formatDiagnostic(problem, host).trimEnd()
}
