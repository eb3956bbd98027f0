// Dex, an OpenID Provider in Go, as a process with one client and one user.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findFreePort } from '../support/free-port.ts'

/** `CROSSWALK_TEST_DEX`, or `dex` on the PATH; undefined if neither exists */
export const DEX = findDex()

export interface DexUser {
  readonly email: string
  readonly password: string
  /** bcrypt */
  readonly hash: string
}

export interface DexOptions {
  readonly client: { readonly id: string; readonly secret: string }
  readonly redirectUri: string
  readonly user: DexUser
}

export interface Dex {
  readonly issuer: string
  stop(): Promise<void>
}

function findDex(): string | undefined {
  const program = process.env['CROSSWALK_TEST_DEX'] ?? 'dex'
  return spawnSync(program, ['version'], { stdio: 'ignore' }).status === 0 ? program : undefined
}

/** @throws Error with its output if it does not start */
export async function startDex({ client, redirectUri, user }: DexOptions): Promise<Dex> {
  if (DEX === undefined) throw new Error('Dex is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-dex-'))
  const port = await findFreePort()
  const issuer = `http://127.0.0.1:${port}/dex`
  const file = join(folder, 'config.json')
  // JSON is valid YAML.
  writeFileSync(
    file,
    JSON.stringify({
      issuer,
      storage: { type: 'memory' },
      web: { http: `127.0.0.1:${port}` },
      oauth2: { skipApprovalScreen: true },
      staticClients: [{ ...client, name: 'Agent0', redirectURIs: [redirectUri] }],
      enablePasswordDB: true,
      staticPasswords: [{ email: user.email, hash: user.hash, username: 'dora', userID: 'dora-at-dex' }],
    }),
  )
  const child = spawn(DEX, ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4000)))
  await untilReady(child, issuer, () => said)
  return {
    issuer,
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(child: ChildProcess, issuer: string, said: () => string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => undefined)
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Dex ended: ${said()}`)
}
