// Builds the console into `dist`, unless what is there was built from the same sources. Runs at `npm ci`, at the first
// start of the demo world, and before browser tests.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const HERE = import.meta.dirname
const ROOT = resolve(HERE, '../..')
const CONSOLE_DIST = join(HERE, 'dist')
const FINGERPRINT = join(CONSOLE_DIST, 'built-from')

const MAX_ATTEMPTS = 20

const SOURCES = [
  'apps/console/src',
  'apps/console/index.html',
  'apps/console/vite.config.ts',
  'apps/console/build.ts',
  'apps/console/package.json',
  'packages/admin-api/src',
  'packages/design/src',
  'packages/protocol/src',
]

/** @returns whether it had to be built */
export async function buildConsole(): Promise<boolean> {
  const fingerprint = takeFingerprint()
  if (existsSync(FINGERPRINT) && readFileSync(FINGERPRINT, 'utf8') === fingerprint) return false
  const environment = process.env['NODE_ENV']
  // Tests have another one, which would bring the development build of React.
  process.env['NODE_ENV'] = 'production'
  const { build } = await import('vite')
  // Next to `dist`, so that one rename puts the finished build in place.
  const outDir = mkdtempSync(join(HERE, 'dist-'))
  try {
    await build({
      root: HERE,
      configLoader: 'native',
      logLevel: 'warn',
      build: { outDir, emptyOutDir: true },
    })
    compress(join(outDir, 'assets'))
    writeFileSync(join(outDir, 'built-from'), fingerprint)
    putInPlace(outDir)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
  }
  return true
}

/** Other processes may put a build in place at the same time, so the target can appear or disappear between two steps. */
function putInPlace(outDir: string): void {
  for (let attempt = 1; ; attempt += 1) {
    const former = mkdtempSync(join(HERE, 'dist-'))
    try {
      if (existsSync(CONSOLE_DIST)) renameSync(CONSOLE_DIST, join(former, 'dist'))
      renameSync(outDir, CONSOLE_DIST)
      return
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error
    } finally {
      rmSync(former, { recursive: true, force: true })
    }
  }
}

function compress(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.(js|css|svg)$/.test(name))
      writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }))
  }
}

function takeFingerprint(): string {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap((source) => listFiles(source)).sort()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)))
      .update('\0')
  }
  for (const [name, version] of listVersions()) hash.update(`${name}@${version}\0`)
  return hash.digest('hex')
}

function listFiles(path: string): string[] {
  const entries = readdirSync(join(ROOT, path, '..'), { withFileTypes: true })
  const isFile = entries.some((entry) => entry.isFile() && path.endsWith(`/${entry.name}`))
  if (isFile) return [path]
  return readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
}

function listVersions(): readonly (readonly [string, string])[] {
  const { dependencies } = readJson(join(HERE, 'package.json')) as { dependencies: Record<string, string> }
  return Object.keys(dependencies).map((name) => [name, findVersion(name)] as const)
}

function findVersion(name: string): string {
  const folder = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.find((one) => existsSync(join(one, name)))
  if (folder === undefined) throw new Error(`${name} is not installed; run npm ci`)
  return (readJson(join(folder, name, 'package.json')) as { version: string }).version
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

if (import.meta.main) {
  const started = performance.now()
  const built = await buildConsole()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(built ? `console built in ${seconds} s\n` : 'console is up to date\n')
}
