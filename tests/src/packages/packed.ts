// The packages as somebody else gets them: packed once, installed into an empty project, and asked there by whatever
// Node.js is to be tried.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { type PackedPackage, packPackages } from '../../../tools/build/pack-packages.ts'

const run = promisify(execFile)

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export interface Runtime {
  /** Of the Node.js, such as `v20.20.2` */
  readonly version: string
  readonly path: string
}

export interface Packed {
  readonly packages: readonly PackedPackage[]
  /** The project that they are installed in */
  readonly project: string
  /** Runs ECMAScript in that project. @returns what it printed; @throws with its errors */
  evaluate(runtime: Runtime, code: string): Promise<string>
  remove(): void
}

export async function packAndInstall(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-packages-'))
  const packages = packPackages(ROOT, join(folder, 'packed'), { checked: false })
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  await run('npm', ['install', ...options, ...packages.map(({ tarball }) => tarball)], {
    cwd: project,
    shell: process.platform === 'win32',
  })
  linkPeers(packages, project)
  let files = 0
  return {
    packages,
    project,
    async evaluate({ path }, code) {
      files += 1
      const file = join(project, `program-${files}.mjs`)
      writeFileSync(file, code)
      // Nothing of ours: an installed package has to work without the flags that our own processes get.
      const env = { ...process.env, NODE_OPTIONS: '' }
      const { stdout } = await run(path, [file], { cwd: project, env })
      return stdout
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
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

/** The Node.js this test runs on, that of the machine, and those that CROSSWALK_TEST_NODES lists. */
export async function listRuntimes(): Promise<readonly Runtime[]> {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
    .find((file) => existsSync(file))
  const listed = (process.env['CROSSWALK_TEST_NODES'] ?? '').split(delimiter).filter((path) => path !== '')
  const paths = [process.execPath, ...(onPath === undefined ? [] : [onPath]), ...listed]
  const runtimes = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const { stdout } = await run(path, ['--version'])
      return { path, version: stdout.trim() }
    }),
  )
  return runtimes.filter((one, at) => runtimes.findIndex(({ version }) => version === one.version) === at)
}

/** Whether a runtime is new enough for `engines.node` of the form `>=20` or `>=22.13`. */
export function satisfies({ version }: Runtime, engines: string): boolean {
  const [major = 0, minor = 0] = engines.replace('>=', '').split('.').map(Number)
  const [haveMajor = 0, haveMinor = 0] = version.replace('v', '').split('.').map(Number)
  return haveMajor > major || (haveMajor === major && haveMinor >= minor)
}
