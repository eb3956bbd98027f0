// Keycloak, a foreign identity provider and authorization server in Java, as a process with a database in memory.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { findFreePort } from '../support/free-port.ts'

/** Folder of an unpacked distribution with a current Java on the `PATH`; undefined if there is none */
export const KEYCLOAK = findKeycloak()

export interface Keycloak {
  readonly origin: string
  readonly issuer: string
  /** Folder of its command-line tools, and the environment in which they sign in as administrator */
  readonly programs: string
  readonly environment: NodeJS.ProcessEnv
  /** Calls the admin API below the one realm. @throws Error if Keycloak refuses */
  admin(method: string, path: string, body?: unknown): Promise<unknown>
  stop(): Promise<void>
}

const REALM = 'acme'
const ADMIN = { username: 'admin', password: 'the first administrator' }

function findKeycloak(): string | undefined {
  const folder = process.env['CROSSWALK_TEST_KEYCLOAK']
  return folder !== undefined && existsSync(join(folder, 'bin', 'kc.sh')) ? folder : undefined
}

/** @throws Error with its output if it does not start */
export async function startKeycloak(): Promise<Keycloak> {
  if (KEYCLOAK === undefined) throw new Error('Keycloak is not installed')
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(
    join(KEYCLOAK, 'bin', 'kc.sh'),
    [
      'start-dev',
      '--db=dev-mem',
      '--http-host=127.0.0.1',
      `--http-port=${port}`,
      '--features=identity-assertion-jwt',
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
        JAVA_OPTS_APPEND: '-Djava.net.preferIPv4Stack=true',
      },
    },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output = `${output}${chunk.toString()}`.slice(-4000)))
  const exited = new Promise((resolve) => child.once('exit', resolve))
  await untilReady(child, `${origin}/realms/master`, () => output)

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${origin}/admin/realms${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await fetchAdminToken(origin)}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }

  await call('POST', '', { realm: REALM, enabled: true, sslRequired: 'none' })
  return {
    origin,
    issuer: `${origin}/realms/${REALM}`,
    programs: join(KEYCLOAK, 'bin'),
    environment: { ...process.env, KC_CLI_PASSWORD: ADMIN.password },
    admin: (method, path, body) => call(method, `/${REALM}${path}`, body),
    async stop() {
      child.kill()
      await exited
    },
  }
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok === true) return
    await setTimeout(200)
  }
  throw new Error(`Keycloak ended: ${output()}`)
}

async function fetchAdminToken(origin: string): Promise<string> {
  const response = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...ADMIN }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}
