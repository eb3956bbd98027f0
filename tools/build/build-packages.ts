// Compiles packages to ESM with types: `packages/X/src` → `dist` of X. Uses one program for all of them, so that
// every file is checked once. Excludes tests, the folders `testing` and `contract`, and code that only generates
// files.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'

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
 * @returns the errors that the compiler printed; undefined if everything was written
 */
export function buildPackages(
  root: string,
  packages: readonly PublicPackage[],
  { outputs = new Map(), checked = true }: BuildOptions = {},
): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-build-'))
  try {
    const errors = compile(root, packages, folder, checked)
    if (errors !== undefined) return errors
    for (const one of packages) {
      const compiled = join(folder, relative(root, one.folder), 'src')
      const dist = join(outputs.get(one.name) ?? one.folder, 'dist')
      rmSync(dist, { recursive: true, force: true })
      for (const path of listFiles(compiled)) write(dist, path, readFileSync(join(compiled, path), 'utf8'))
    }
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compile(
  root: string,
  packages: readonly PublicPackage[],
  outDir: string,
  checked: boolean,
): string | undefined {
  const project = join(outDir, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    noEmitOnError: true,
    noCheck: !checked,
    declaration: true,
    declarationMap: true,
    sourceMap: true,
    rootDir: root,
    outDir,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const files = packages.flatMap((one) => listSources(one.folder))
  writeFileSync(
    project,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files }),
  )
  const compiler = join(root, 'node_modules/typescript-native/bin/tsc')
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', project], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  return status === 0 ? undefined : `${stdout}${stderr}`.trimEnd()
}

function listSources(folder: string): readonly string[] {
  const src = join(folder, 'src')
  return listFiles(src)
    .filter((path) => path.endsWith('.ts') && !STAYS_HERE.test(path))
    .map((path) => join(src, path))
}

/** @returns paths relative to the folder, with slashes */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
}

function write(dist: string, path: string, text: string): void {
  const placed = join(dist, path)
  mkdirSync(dirname(placed), { recursive: true })
  writeFileSync(placed, adapt(path, text))
}

function adapt(path: string, text: string): string {
  if (path.endsWith('.map')) return redirectMap(path, text)
  return path.endsWith('.d.ts') ? text.replace(SOURCE_IMPORT, '$1$2$3.js$2') : text
}

/** The compiler wrote into a temporary folder; the map must point from `dist` to `src`. */
function redirectMap(path: string, text: string): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[] }
  const up = '../'.repeat(path.split('/').length)
  const below = dirname(path) === '.' ? '' : `${dirname(path)}/`
  return JSON.stringify({
    ...map,
    sources: map.sources.map((source) => `${up}src/${below}${basename(source)}`),
  })
}
