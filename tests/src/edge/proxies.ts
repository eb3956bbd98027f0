// Reverse proxies in front of a test server, with the configurations that we publish and the test's addresses.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { findProgram } from '../../../tools/test/find-program.ts'
import { findFreePort } from '../support/free-port.ts'

export interface Proxy {
  readonly port: number
  stop(): Promise<void>
}

interface Addresses {
  readonly port: number
  readonly serverPort: number
  /** Loopback address that it connects from */
  readonly from: string
}

interface ProxyKind {
  readonly name: 'nginx' | 'haproxy' | 'caddy'
  /** True if it cannot choose the address that it connects from */
  readonly needsRelay?: true
  render(folder: string, addresses: Addresses): string
  listArguments(folder: string, file: string): readonly string[]
}

const NGINX: ProxyKind = {
  name: 'nginx',
  render: (folder, addresses) => renderNginx(folder, renderNginxServers(addresses)),
  listArguments: (folder, file) => ['-c', file, '-p', folder, '-e', join(folder, 'error.log')],
}

const HAPROXY: ProxyKind = {
  name: 'haproxy',
  render: (_, addresses) => renderHaproxy(addresses),
  listArguments: (_, file) => ['-f', file],
}

const CADDY: ProxyKind = {
  name: 'caddy',
  needsRelay: true,
  render: (_, addresses) => renderCaddy(addresses),
  listArguments: (_, file) => ['run', '--adapter', 'caddyfile', '--config', file],
}

export const PROXY_KINDS: readonly ProxyKind[] = [NGINX, HAPROXY, CADDY]

/** Whether the proxy is installed */
export function canStart({ name }: ProxyKind): boolean {
  return findProgram(name) !== undefined && process.platform === 'linux'
}

/** @param from - loopback address that it connects from */
export async function startProxy(kind: ProxyKind, serverPort: number, from: string): Promise<Proxy> {
  const program = findProgram(kind.name)
  if (program === undefined) throw new Error(`${kind.name} is not installed`)
  const folder = mkdtempSync(join(tmpdir(), `crosswalk-${kind.name}-`))
  const port = await findFreePort()
  const file = join(folder, 'proxy.conf')
  const relay = kind.needsRelay === true ? await startRelay(serverPort, from) : undefined
  const relayPort = (relay?.address() as AddressInfo | undefined)?.port
  writeFileSync(file, kind.render(folder, { port, serverPort: relayPort ?? serverPort, from }))
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(program, [...kind.listArguments(folder, file)], { stdio: 'ignore', env })
  await untilAnswers(child, port)
  return {
    port,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      relay?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const HOW_TO = new URL('../../../docs/how-to/run-behind-a-reverse-proxy.md', import.meta.url)

/** @param language - of the block of code in the how-to */
function readHowTo(language: 'nginx' | 'caddyfile'): string {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm')
  return pattern.exec(readFileSync(HOW_TO, 'utf8'))?.[1] ?? ''
}

function renderNginxServers({ port, serverPort, from }: Addresses): string {
  return readHowTo('nginx')
    .replace('server 127.0.0.1:4000;', `server 127.0.0.1:${serverPort};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/^ *ssl_.*\n/gm, '')
    .replace('proxy_pass', `proxy_bind ${from};\n    proxy_pass`)
}

function renderNginx(folder: string, servers: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
${servers}}
`
}

const DEPLOYED = new URL('../../../deploy/ha/haproxy.cfg', import.meta.url)

/** The part in front of the servers, without the part to the database. */
function renderHaproxy({ port, serverPort, from }: Addresses): string {
  const [front = ''] = readFileSync(DEPLOYED, 'utf8').split('\n# On every Crosswalk node')
  return front
    .replace(/bind :443 .*/, `bind 127.0.0.1:${port}`)
    .replace('server node1 10.0.0.21:4000', `server node1 127.0.0.1:${serverPort} source ${from}`)
    .replaceAll(/^ *server .* 10\..*\n/gm, '')
}

function renderCaddy({ port, serverPort }: Addresses): string {
  const site = readHowTo('caddyfile')
    .replace('idp.example.com {', `http://127.0.0.1:${port} {\n\tbind 127.0.0.1`)
    .replace('127.0.0.1:4000', `127.0.0.1:${serverPort}`)
  return `{\n\tadmin off\n}\n${site}`
}

/** Connects to the server from another loopback address. */
async function startRelay(serverPort: number, from: string): Promise<Server> {
  const relay = createServer((incoming) => {
    const outgoing = connect({ host: '127.0.0.1', port: serverPort, localAddress: from })
    for (const socket of [incoming, outgoing]) socket.on('error', () => undefined)
    incoming.pipe(outgoing).pipe(incoming)
  })
  await once(relay.listen(0, '127.0.0.1'), 'listening')
  return relay
}

async function untilAnswers(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const answers = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return
    await setTimeout(25)
  }
  throw new Error(`the proxy ended with ${child.exitCode}`)
}
