// The packages as another user gets them: packed once, installed into an empty project, and asked there by whatever
// Node.js is to be tried.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { type PackedPackage, packPackages } from '../../../tools/build/pack-packages.ts'

const run = promisify(execFile)

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Where the packages say that they come from */
export const REPOSITORY = 'https://git.example/crosswalk'

export interface Runtime {
  /** Of the Node.js, such as `v20.20.2` */
  readonly version: string
  readonly path: string
}

export interface Packed {
  readonly packages: readonly PackedPackage[]
  /** The project that they are installed in */
  readonly project: string
  /** Whether the frameworks that are not installed in this repository are there; they come from npm's cache or registry */
  readonly hasFrameworks: boolean
  /** Runs ECMAScript in that project. @returns what it printed; @throws with its errors */
  evaluate(runtime: Runtime, code: string): Promise<string>
  /** Runs a file that lies in that project. @returns what it printed; @throws with its errors */
  runFile(runtime: Runtime, file: string): Promise<string>
  /** Runs several programs in one process, one after the other. @returns by name, what the failed ones threw */
  evaluateAll(
    runtime: Runtime,
    programs: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>>
  remove(): void
}

/** @param frameworks - what to install beside the packages if it can be had, such as `next@^16` */
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
    // Nothing of ours: an installed package has to work without the flags that our own processes get.
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
  await run('npm', ['install', ...options, ...names], { cwd: project, shell: process.platform === 'win32' })
}

/** Frameworks are brought by who uses them: those of this repository stand for theirs. */
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
 * The Node.js this test runs on, that of the machine, and those that CROSSWALK_TEST_NODES lists.
 *
 * @throws Error for one that is listed and cannot be run: what is not tried must not look as if it were
 */
export async function listRuntimes(): Promise<readonly Runtime[]> {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    // npm puts the Node.js that it brought before that of the machine.
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

/** @returns the oldest that is new enough: what a page says is enough has to be; @throws Error where there is none */
export function findOldest(runtimes: readonly Runtime[], engines: string): Runtime {
  const [oldest] = runtimes
    .filter((one) => satisfies(one, engines))
    .toSorted((one, other) => (satisfies(one, other.version) ? 1 : -1))
  if (oldest === undefined) throw new Error(`no Node.js ${engines} here`)
  return oldest
}

/** Whether a runtime is new enough for `engines.node` of the form `>=20` or `>=22.13`, or as another one's version. */
export function satisfies({ version }: Runtime, engines: string): boolean {
  const [major = 0, minor = 0] = engines
    .replace(/^(>=|v)/, '')
    .split('.')
    .map(Number)
  const [haveMajor = 0, haveMinor = 0] = version.replace('v', '').split('.').map(Number)
  return haveMajor > major || (haveMajor === major && haveMinor >= minor)
}
