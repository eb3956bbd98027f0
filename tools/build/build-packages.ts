// Compiles packages to ESM with types: `packages/X/src` → `dist` of X. Uses one program for all of them, so that
// every file is checked once. Excludes tests, the folders `testing` and `contract`, and code that only generates
// files.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

import ts from 'typescript'

import type { PublicPackage } from './public-packages.ts'

const STAYS_HERE = /(\.test\.ts$)|(^|\/)(testing|contract)\/|(^|\/)generated-files\.ts$/
/** Relative imports in declarations, which the compiler does not rewrite. */
const SOURCE_IMPORT = /\b(from |import\(|import )(["'])(\.{1,2}\/[^"']+)\.ts\2/g

export interface BuildOptions {
  readonly outputs?: ReadonlyMap<string, string>
  readonly checked?: boolean
}

/**
 * @param outputs - by package name, the folder for its `dist`; default: next to its sources
 * @param checked - false: the types were already checked, so only emit
 * @returns the compiler's errors, rendered; empty if everything was written
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

/** The options of all type checks, and those for output. */
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

/** The compiler assumes that output is next to the source; the map must point from `dist` to `src`. */
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
