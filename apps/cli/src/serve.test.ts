// `crosswalk serve` as a process: its output and exit codes, with and without workers.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
/** The flags of tools/runtime.mjs */
const RUNTIME_FLAGS = [
  '--conditions=crosswalk-source',
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
]

let folder = ''
let children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-serve-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(folder, { recursive: true, force: true })
})

async function reservePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no address')
  return address.port
}

function writeConfiguration(port: number, drainSeconds = 0): string {
  const file = join(folder, 'crosswalk.yaml')
  writeFileSync(
    file,
    `baseUrl: http://127.0.0.1:${port}
listen: { port: ${port}, drainSeconds: ${drainSeconds} }
metrics: { public: true }
database: sqlite:${join(folder, 'db.sqlite')}
idp:
  users: [{ id: alice, username: alice, password: pw }]
authorizationServers:
  - id: todo0
    trustedIssuers: [{ issuer: "http://127.0.0.1:${port}" }]
`,
  )
  return file
}

const serve = (...args: readonly string[]) => serveWith({}, ...args)

function serveWith(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const child = spawn(process.execPath, [...RUNTIME_FLAGS, MAIN, 'serve', ...args], {
    stdio: 'pipe',
    env: { ...process.env, ...env },
  })
  children.push(child)
  const streams = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => (streams.out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (streams.err += data.toString()))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return { child, streams, ended }
}

async function untilReady(port: number, ended: Promise<unknown>): Promise<void> {
  let running = true
  void ended.then(() => (running = false))
  while (running) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('ended before it was ready')
}

it.each(['SIGTERM', 'SIGINT'] as const)('runs until %s and exits with 0', async (signal) => {
  const port = await reservePort()
  const { child, streams, ended } = serve('--config', writeConfiguration(port))
  await untilReady(port, ended)
  child.kill(signal)
  expect(await ended).toBe(0)
  expect(streams.out).toBe('')
  expect(streams.err).toMatch(new RegExp(`^identity provider +http://127.0.0.1:${port} `, 'm'))
  expect(streams.err).toMatch(new RegExp(`^authorization server +http://127.0.0.1:${port}/as/todo0 `, 'm'))
  expect(streams.err).toMatch(/^stopped$/m)
})

it.skipIf(process.platform === 'win32')(
  'stops when npx was terminated, which ends only the shell between them',
  async () => {
    const port = await reservePort()
    const args = [...RUNTIME_FLAGS, MAIN, 'serve', '--config', writeConfiguration(port)]
    const command = [process.execPath, ...args].map((it) => `'${it}'`).join(' ')
    const env = { ...process.env, npm_lifecycle_event: 'npx' }
    // With a second command, the shell does not become the server.
    const shell = spawn('/bin/sh', ['-c', `${command}; :`], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    children.push(shell)
    let said = ''
    shell.stderr.on('data', (data: Buffer) => (said += data.toString()))
    // Output ends with the last process that could write to it.
    const written = once(shell.stderr, 'end')
    await untilReady(port, written)
    shell.kill('SIGTERM')
    await written
    expect(said).toMatch(/^stopped$/m)
  },
)

it.runIf(process.platform === 'linux')('uses less than 250 MB after start', async () => {
  const { child, streams } = serve('--config', writeConfiguration(await reservePort()))
  while (!streams.err.includes('listening on')) await new Promise((resolve) => setTimeout(resolve, 50))
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  const megabytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
  expect(megabytes).toBeGreaterThan(50)
  expect(megabytes).toBeLessThan(250)
})

it('shares requests between workers with shared metrics, which stop together', async () => {
  const port = await reservePort()
  const { child, streams, ended } = serve('--config', writeConfiguration(port), '--workers', '2')
  await untilReady(port, ended)
  // One connection per request, so that both workers receive some.
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
  while (!streams.err.includes('2 worker processes')) await new Promise((resolve) => setTimeout(resolve, 50))
  const kids = new Set<string>()
  for (let request = 0; request < 10; request += 1) kids.add(await (await ask('/as/todo0/jwks')).text())
  expect(kids.size).toBe(1)
  const metrics = await (await ask('/metrics')).text()
  expect(metrics).toContain('crosswalk_http_requests_total{role="as:todo0",status="200"} 10')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  await expect(ask('/healthz')).rejects.toThrow()
})

/** Several processes need to start. */
const SLOW = { timeout: 90_000 }

const childrenOf = (pid: number | undefined) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

it.runIf(process.platform === 'linux')(
  'a starting worker accepts no connections before it can serve',
  SLOW,
  async () => {
    const port = await reservePort()
    const { child, streams, ended } = serve('--config', writeConfiguration(port), '--workers', '2')
    await untilReady(port, ended)
    while (!streams.err.includes('2 worker processes'))
      await new Promise((resolve) => setTimeout(resolve, 50))
    const before = childrenOf(child.pid)
    process.kill(before[1] ?? 0, 'SIGKILL')
    const statuses = new Set<number>()
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/as/todo0/jwks`, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(2000),
      })
      statuses.add(response.status)
    }
    // Only requests in flight at the killed worker are lost.
    while (childrenOf(child.pid).every((pid) => before.includes(pid))) await ask().catch(() => undefined)
    for (let request = 0; request < 300; request += 1) {
      await ask()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect([...statuses]).toEqual([200])
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  },
)

it.runIf(existsSync('/dev/full'))('workers go on if their log cannot be written', SLOW, async () => {
  const port = await reservePort()
  const file = writeConfiguration(port)
  appendFileSync(file, 'limits: { connections: 2 }\n')
  const args = [...RUNTIME_FLAGS, MAIN, 'serve', '--config', file, '--workers', '2']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', openSync('/dev/full', 'w')] })
  children.push(child)
  const ended = once(child, 'exit')
  await untilReady(port, ended)
  while (childrenOf(child.pid).length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
  const before = childrenOf(child.pid)
  // A worker warns when it has too many connections.
  const sockets = Array.from({ length: 20 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
  await new Promise((resolve) => setTimeout(resolve, 2000))
  for (const socket of sockets) socket.destroy()
  expect(childrenOf(child.pid)).toEqual(before)
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

it('workers that are all full close further connections instead of passing them on', SLOW, async () => {
  const port = await reservePort()
  const file = writeConfiguration(port)
  appendFileSync(file, 'limits: { connections: 2 }\n')
  const { child, streams, ended } = serve('--config', file, '--workers', '2')
  await untilReady(port, ended)
  while (!streams.err.includes('2 worker processes')) await new Promise((resolve) => setTimeout(resolve, 50))
  const open = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    const closed = once(socket, 'close').then(() => 'closed')
    await once(socket, 'connect')
    return { socket, closed }
  }
  const kept = []
  for (let at = 0; at < 8; at += 1) kept.push(await open())
  const later = await open()
  expect(await later.closed).toBe('closed')
  for (const { socket } of kept) socket.destroy()
  const ask = () => fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } })
  await expect.poll(async () => (await ask().catch(() => undefined))?.status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

it.each([[[]], [['--workers', '2']]])(
  'on SIGTERM it reports not ready, and serves for a while with connections that close (%j)',
  SLOW,
  async (more) => {
    const port = await reservePort()
    const { child, streams, ended } = serve('--config', writeConfiguration(port, 2), ...more)
    await untilReady(port, ended)
    while (!streams.err.includes('listening on')) await new Promise((resolve) => setTimeout(resolve, 50))
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
    expect((await ask('/as/todo0/jwks')).headers.get('connection')).toBe('keep-alive')
    child.kill('SIGTERM')
    let ready = await ask('/readyz')
    while (ready.ok) ready = await ask('/readyz')
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', unready: ['draining'] }])
    const served = await ask('/as/todo0/jwks')
    expect([served.status, served.headers.get('connection')]).toEqual([200, 'close'])
    expect(await ended).toBe(0)
    await expect(ask('/healthz')).rejects.toThrow()
  },
)

it.each([
  ['CROSSWALK_KEY', 'short', []],
  ['CROSSWALK_KEY_FILE', '/does/not/exist', []],
  ['CROSSWALK_KEY', 'short', ['--workers', '2']],
])('a wrong %s makes it exit with 2, because another start would not help', async (name, value, more) => {
  const { streams, ended } = serveWith({ [name]: value }, '--config', writeConfiguration(1), ...more)
  expect(await ended).toBe(2)
  expect(streams.err).toMatch(/^error: .*CROSSWALK_KEY.*\nfix: /m)
})

it.each([[[]], [['--workers', '2']]])(
  'a port in use makes it exit with 1, one sentence and a fix (%j)',
  async (more) => {
    const occupier = createServer().listen(0, '127.0.0.1')
    await once(occupier, 'listening')
    const address = occupier.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { streams, ended } = serve('--config', writeConfiguration(port), ...more)
    expect(await ended).toBe(1)
    expect(streams.out).toBe('')
    expect(streams.err).toMatch(new RegExp(`^error: 127\\.0\\.0\\.1:${port} is in use\nfix: .*\n$`, 'm'))
    occupier.close()
  },
)
