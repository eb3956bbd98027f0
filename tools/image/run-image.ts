// Runs a built image as its user, and checks its behaviour: one crossing through nginx with TLS, a stop under load,
// and no files written outside its data folder. Started by `main.ts`, with the certificate trusted.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { company, TODO } from '../../tests/src/support/company.ts'
import { exchange, redeem, signInFor } from '../../tests/src/support/flow.ts'
import { findFreePort } from '../../tests/src/support/free-port.ts'
import { createBuildah, LIMITS } from './buildah.ts'
import { listFiles, measure } from './list-files.ts'
import { startTlsProxy } from './tls-proxy.ts'

const USER = 10_001
const CALLERS = 4
const [storage = '', image = '', certificate = '', key = ''] = process.argv.slice(2)
const { place, run } = createBuildah(storage)

const [port, tlsPort, management] = [await findFreePort(), await findFreePort(), await findFreePort()]
const baseUrl = `https://localhost:${tlsPort}`
const container =
  run('from', ...LIMITS, image)
    .split('\n')
    .at(-1) ?? ''
const root = run('mount', container)
const before = listFiles(root)
const proxy = await startTlsProxy(join(storage, 'nginx'), { port, tlsPort, certificate, key })
const server = startServer()
const ended = once(server, 'exit').then(([code]) => code as number | null)
try {
  await untilReady()
  const node = findServer(server.pid ?? 0)
  console.log(`size ${Math.round(measure(root) / 1e6)} MB, running as user ${readUser(node)}`)
  if (readUser(node) !== USER) throw new Error('the server does not run as its user')
  const { idToken } = await signInFor(baseUrl, 'alice')
  if ((await cross(idToken)).some((status) => status !== 200)) throw new Error('the crossing was refused')
  console.log('one crossing through nginx with TLS: 200 200')
  await stopUnderLoad(node, idToken)
  if ((await ended) !== 0) throw new Error('the server did not exit with 0')
  const written = listFiles(root).filter((file) => !before.includes(file))
  if (written.length > 0) throw new Error(`written outside the data folder: ${written.join(', ')}`)
  console.log('nothing written outside the data folder')
} finally {
  server.kill('SIGTERM')
  await proxy.stop()
  run('rm', container)
}

function startServer(): ChildProcess {
  const [data, etc] = [join(storage, 'data'), join(storage, 'etc')]
  for (const folder of [data, etc]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
  chownSync(data, USER, USER)
  const configuration = {
    baseUrl,
    listen: { host: '127.0.0.1', port, trustedProxies: ['127.0.0.1'], drainSeconds: 2 },
    metrics: { listen: { host: '127.0.0.1', port: management } },
    database: 'sqlite:/var/lib/crosswalk/crosswalk.db',
    ...company(baseUrl),
  }
  writeFileSync(join(etc, 'crosswalk.yaml'), JSON.stringify(configuration))
  writeFileSync(join(etc, 'master-key'), randomBytes(32).toString('hex'))
  return spawn(
    'buildah',
    [
      ...[...place, 'run', '--isolation', 'chroot', '--user', `${USER}:${USER}`],
      ...['--volume', `${data}:/var/lib/crosswalk`, '--volume', `${etc}:/etc/crosswalk:ro`],
      ...['--env', 'CROSSWALK_KEY_FILE=/etc/crosswalk/master-key', container, '--', ...readCommand()],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
}

/** `buildah run` takes the command from its caller, so it is read from the image. */
function readCommand(): readonly string[] {
  const { OCIv1 } = JSON.parse(run('inspect', '--type', 'image', image)) as {
    OCIv1: { config: { Entrypoint: string[]; Cmd: string[] } }
  }
  return [...OCIv1.config.Entrypoint, ...OCIv1.config.Cmd]
}

async function untilReady(): Promise<void> {
  while (server.exitCode === null) {
    const ready = await fetch(`http://127.0.0.1:${management}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await setTimeout(200)
  }
  throw new Error(`the server exited with ${server.exitCode} before it was ready`)
}

/** The server process, below those that isolate it; any of their threads may have started the next. */
function findServer(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((child) => child !== '')
  const [child] = children
  return child === undefined ? pid : findServer(Number(child))
}

function readUser(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** @returns the HTTP status of each leg */
async function cross(idToken: string): Promise<readonly number[]> {
  const { status, body } = await exchange(baseUrl, idToken, { resource: TODO })
  return [status, (await redeem(baseUrl, String(body.access_token))).status]
}

/** Sends requests until the server reports that it drains, like a load balancer; no request may have failed by then. */
async function stopUnderLoad(node: number, idToken: string): Promise<void> {
  let [answered, draining] = [0, false]
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!draining) {
      const legs = await cross(idToken)
      if (legs.some((status) => status !== 200)) throw new Error(`responded with ${legs.join(' ')}`)
      answered += 1
    }
  })
  await setTimeout(1000)
  process.kill(node, 'SIGTERM')
  while (!draining) {
    draining = (await fetch(`http://127.0.0.1:${management}/readyz`)).status === 503
    await setTimeout(50)
  }
  await Promise.all(callers)
  console.log(`stopped under load: ${answered} crossings, 0 dropped`)
}
