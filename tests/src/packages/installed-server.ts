// The server as an operator gets it: only its tarballs, in an empty folder outside the clone.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

import type { PackedPackage } from '../../../tools/build/pack-packages.ts'
import { install, type Runtime } from './packed.ts'

export interface Output {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

export interface InstalledServer {
  readonly folder: string
  /** @returns an empty folder below */
  makeFolder(name: string): string
  remove(): void
}

/** @returns the folder with `@crosswalk/server`, its dependencies and nothing else */
export async function installServer(packages: readonly PackedPackage[]): Promise<InstalledServer> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-server-'))
  const needed = [...findNeeded('@crosswalk/server', packages)]
  await install(
    folder,
    needed.map(({ tarball }) => tarball),
  )
  return {
    folder,
    makeFolder(name) {
      const made = join(folder, name)
      mkdirSync(made)
      return made
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A package and its dependencies among ours, which npm would fetch from the registry. */
function findNeeded(
  name: string,
  packages: readonly PackedPackage[],
  found = new Set<PackedPackage>(),
): ReadonlySet<PackedPackage> {
  const one = packages.find((it) => it.name === name)
  if (one === undefined || found.has(one)) return found
  found.add(one)
  for (const dependency of Object.keys(one.manifest.dependencies ?? {}))
    findNeeded(dependency, packages, found)
  return found
}

/** `npx crosswalk …`, as a shell finds it, with the Node.js of `runtime` first on the PATH. */
function start({ path }: Runtime, folder: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawn('npx', ['--no', '--', 'crosswalk', ...args], {
    cwd: folder,
    // Ends the whole process group.
    detached: true,
    env: {
      HOME: process.env['HOME'],
      PATH: [dirname(path), process.env['PATH']].join(delimiter),
      // Only makes later commands of this folder start faster.
      NODE_COMPILE_CACHE: join(folder, '../compiled'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export async function crosswalk(
  runtime: Runtime,
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Output> {
  const child = start(runtime, folder, args, env)
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  const [exitCode] = (await once(child, 'close')) as [number]
  return { exitCode, out: out(), err: err() }
}

/**
 * Serves the configuration of the folder while `body` runs.
 *
 * @param body - receives the URL of the console
 * @returns the output of the server
 */
export async function serve(
  runtime: Runtime,
  folder: string,
  body: (consoleUrl: string) => Promise<void>,
): Promise<string> {
  const child = start(runtime, folder, ['serve'], {})
  const said = collect(child.stderr)
  const closed = once(child, 'close')
  try {
    await body(await untilSaid(child, said, /^console +(\S+) {2}sign in as admin$/m))
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM')
  }
  await closed
  return said()
}

function untilSaid(child: ChildProcess, said: () => string, line: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', () => {
      const found = line.exec(said())?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('close', (code) => reject(new Error(`serve ended with ${code}: ${said()}`)))
  })
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return () => text
}

/** Like `npm install node@26`: a Node.js that `npx` finds before the machine's. */
export function addNode({ folder }: InstalledServer, { path }: Runtime): void {
  symlinkSync(path, join(folder, 'node_modules/.bin/node'))
}

export function measureBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
