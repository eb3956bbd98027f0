// The packages as a user gets them: packed once, installed into an empty project, and run there on the Node.js under test.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { type PackedPackage, packPackages } from '../../../tools/build/pack-packages.ts'

const run = promisify(execFile)

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The `repository` of the packages */
export const REPOSITORY = 'https://git.example/crosswalk'

export interface Runtime {
  /** Node.js version, such as `v20.20.2` */
  readonly version: string
  readonly path: string
}

export interface Packed {
  readonly packages: readonly PackedPackage[]
  /** The project with the installed packages */
  readonly project: string
  /** Whether frameworks outside this repository could be installed, from npm's cache or registry */
  readonly hasFrameworks: boolean
  /** Runs code in that project. @returns its output; @throws with its errors */
  evaluate(runtime: Runtime, code: string): Promise<string>
  /** Runs a file of that project. @returns its output; @throws with its errors */
  runFile(runtime: Runtime, file: string): Promise<string>
  /** Runs several programs in one process, one after another. @returns the errors of those that failed, by name */
  evaluateAll(
    runtime: Runtime,
    programs: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>>
  remove(): void
}

/** @param frameworks - additional packages to install if available, such as `next@^16` */
export async function packAndInstall(frameworks: readonly string[] = []): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-packages-'))
  const packages = packPackages(ROOT, join(folder, 'packed'), { checked: false, repository: REPOSITORY })
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const tarballs = packages.map(({ tarball }) => tarball)
  const hasFrameworks = await install(project, [...tarballs, ...frameworks]).then(
    () => true,
    () => false,
  )
  if (!hasFrameworks) await install(project, tarballs)
  linkPeers(packages, project)
  let files = 0
  function write(code: string): string {
    files += 1
    const file = join(project, `program-${files}.mjs`)
    writeFileSync(file, code)
    return file
  }
  async function runFile({ path }: Runtime, file: string): Promise<string> {
    // Without the flags of our own processes: an installed package must work without them.
    const env = { ...process.env, NODE_OPTIONS: '' }
    const { stdout } = await run(path, [file], { cwd: project, env })
    return stdout
  }
  const evaluate = async (runtime: Runtime, code: string) => await runFile(runtime, write(code))
  return {
    packages,
    project,
    hasFrameworks,
    evaluate,
    runFile,
    async evaluateAll(runtime, programs) {
      const written = Object.entries(programs).map(([name, code]) => [name, pathToFileURL(write(code)).href])
      const stdout = await evaluate(
        runtime,
        `const failed = {}
        for (const [name, file] of ${JSON.stringify(written)})
          await import(file).catch((error) => (failed[name] = String(error?.stack ?? error)))
        console.log(JSON.stringify(failed))`,
      )
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, string>
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export async function install(project: string, names: readonly string[]): Promise<void> {
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  const cache = linkCache()
  try {
    await run('npm', ['install', ...options, ...names], {
      cwd: project,
      env: { ...process.env, ...(cache !== undefined && { [CACHE_VARIABLE]: cache }) },
      shell: process.platform === 'win32',
    })
  } finally {
    if (cache !== undefined) rmSync(cache, { recursive: true, force: true })
  }
}

const CACHE_VARIABLE = 'npm_config_cache'

/**
 * Shares the contents of npm's cache, but not its folder for temporary files. Before npm installs a tarball, it extracts it
 * there twice to read the manifest, and on a disk that takes longer than everything else.
 *
 * @returns its path, or undefined if npm did not start the tests and say where its cache is
 */
function linkCache(): string | undefined {
  const original = process.env[CACHE_VARIABLE]
  if (original === undefined || !existsSync(join(original, '_cacache'))) return undefined
  const cache = mkdtempSync(join(tmpdir(), 'crosswalk-npm-cache-'))
  mkdirSync(join(cache, '_cacache'))
  for (const part of ['content-v2', 'index-v5'])
    symlinkSync(join(original, '_cacache', part), join(cache, '_cacache', part), 'junction')
  return cache
}

/** Users install frameworks themselves; this repository's copies stand in for theirs. */
function linkPeers(packages: readonly PackedPackage[], project: string): void {
  const peers = new Set(packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})))
  for (const peer of peers) {
    const place = join(project, 'node_modules', peer)
    if (existsSync(place)) continue
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', peer), place, 'junction')
  }
}

/**
 * The current Node.js, the machine's, and those listed in CROSSWALK_TEST_NODES.
 *
 * @throws Error for a listed one that cannot be run, so that it does not count as tested
 */
export async function listRuntimes(): Promise<readonly Runtime[]> {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    // npm puts its own Node.js before the machine's on the PATH.
    .filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
    .find((file) => existsSync(file))
  const listed = (process.env['CROSSWALK_TEST_NODES'] ?? '').split(delimiter).filter((path) => path !== '')
  const paths = [process.execPath, ...(onPath === undefined ? [] : [onPath]), ...listed]
  const runtimes = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const { stdout } = await run(path, ['--version']).catch((cause: unknown) => {
        throw new Error(`no Node.js at ${path}, which CROSSWALK_TEST_NODES or PATH names`, { cause })
      })
      return { path, version: stdout.trim() }
    }),
  )
  return runtimes.filter((one, at) => runtimes.findIndex(({ version }) => version === one.version) === at)
}

/** @returns the oldest version that satisfies the documented minimum. @throws Error if there is none */
export function findOldest(runtimes: readonly Runtime[], engines: string): Runtime {
  const [oldest] = runtimes
    .filter((one) => satisfies(one, engines))
    .toSorted((one, other) => (satisfies(one, other.version) ? 1 : -1))
  if (oldest === undefined) throw new Error(`no Node.js ${engines} here`)
  return oldest
}

/** Whether a runtime satisfies `engines.node` of the form `>=20` or `>=22.13`, or equals another version. */
export function satisfies({ version }: Runtime, engines: string): boolean {
  const [major = 0, minor = 0] = engines
    .replace(/^(>=|v)/, '')
    .split('.')
    .map(Number)
  const [haveMajor = 0, haveMinor = 0] = version.replace('v', '').split('.').map(Number)
  return haveMajor > major || (haveMajor === major && haveMinor >= minor)
}
