// Runs an example from `examples/` as a user would: starts its programs and Agent0, and signs a user in.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { findFreePort } from './free-port.ts'
import { walk } from './form-walker.ts'

export const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url))
export const FLAGS = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']

const PASSWORDS = { alice: 'correct horse battery', bob: 'staple horse battery' }

export interface Program {
  readonly cwd: string
  /** For Node.js */
  readonly args: readonly string[]
}

export interface PlayedExample {
  readonly vendorUrl: string
  readonly companyUrl: string
  /** @returns what Agent0 printed after the sign-in */
  useAgent(username: keyof typeof PASSWORDS): Promise<string>
  stop(): Promise<void>
}

export interface Ports {
  readonly company: number
  readonly vendor: number
}

/** Runs from our sources, unless the example runs on packages */
const AGENT: Program = { cwd: `${EXAMPLES}agent`, args: [...FLAGS, 'main.ts'] }

export interface PlayOptions {
  readonly agent?: Program
  /** Node.js executable; default: the current one */
  readonly node?: string
}

/** @param listPrograms - the programs to start, given their addresses */
export async function playExample(
  listPrograms: (ports: Ports) => readonly Program[],
  { agent = AGENT, node = process.execPath }: PlayOptions = {},
): Promise<PlayedExample> {
  const [company, vendor, agentPort] = [await findFreePort(), await findFreePort(), await findFreePort()]
  const [companyUrl, vendorUrl, agentUrl] = [company, vendor, agentPort].map(
    (port) => `http://127.0.0.1:${port}`,
  )
  const env = {
    ...process.env,
    // An older Node.js prints warnings that SQLite and type stripping are experimental.
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    NODE_ENV: 'development',
    NEXT_TELEMETRY_DISABLED: '1',
    COMPANY_URL: companyUrl,
    VENDOR_URL: vendorUrl,
    AGENT_URL: agentUrl,
    COMPANY_DATABASE: 'sqlite::memory:',
    VENDOR_DATABASE: 'sqlite::memory:',
    AGENT_SECRET: 'secret of agent0 at acme',
    AGENT_SECRET_AT_VENDOR: 'secret of agent0 at the vendor',
    ALICE_PASSWORD: PASSWORDS.alice,
    BOB_PASSWORD: PASSWORDS.bob,
  }
  const programs = listPrograms({ company, vendor }).map((one) => start(node, one, env))
  const stop = async () => void (await Promise.all(programs.map(({ stop }) => stop())))
  try {
    await waitUntil(`${companyUrl}/.well-known/openid-configuration`, programs)
    await waitUntil(`${vendorUrl}/.well-known/oauth-authorization-server`, programs)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    vendorUrl: String(vendorUrl),
    companyUrl: String(companyUrl),
    stop,
    async useAgent(username) {
      const running = start(node, agent, env)
      const [, address = ''] = await running.waitFor(/^sign in at (.*)\n/m)
      const user = { redirectUri: `${agentUrl}/callback`, username, password: PASSWORDS[username] }
      const { arrivedAt = '' } = await walk(address, user)
      expectArrival(arrivedAt, await (await fetch(arrivedAt)).text())
      await running.ended
      return running.printed().replace(/^sign in at .*\n/m, '')
    },
  }
}

function expectArrival(url: string, page: string): void {
  if (!page.startsWith('You are signed in.')) throw new Error(`${url} answered ${page}`)
}

interface Running {
  readonly ended: Promise<unknown>
  printed(): string
  /** @throws Error with its output, if it exits first */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  isRunning(): boolean
  stop(): Promise<void>
}

function start(node: string, { cwd, args }: Program, env: NodeJS.ProcessEnv): Running {
  const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const isRunning = () => child.exitCode === null && child.signalCode === null
  return {
    ended,
    isRunning,
    printed: () => printed,
    async waitFor(pattern) {
      for (;;) {
        const found = pattern.exec(printed)
        if (found !== null) return found
        if (!isRunning()) throw new Error(`${args.join(' ')} ended: ${printed}`)
        await new Promise((resolve) => child.stdout.once('data', resolve).once('close', resolve))
      }
    },
    async stop() {
      if (isRunning()) endGroup(child)
      await ended
    },
  }
}

/** Kills the process group, since some programs start others. */
function endGroup(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) child.kill()
  else process.kill(-child.pid, 'SIGTERM')
}

/** @throws Error with the output, if a program neither responds nor exits in time */
const PATIENCE_MS = 60_000

async function waitUntil(url: string, programs: readonly Running[]): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  for (;;) {
    const answer = await fetch(url, { signal }).catch(() => undefined)
    if (answer?.ok === true) return
    const dead = programs.find((one) => !one.isRunning())
    if (dead !== undefined) throw new Error(`an example ended: ${dead.printed()}`)
    if (signal.aborted)
      throw new Error(`no response from ${url}: ${programs.map((one) => one.printed()).join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
