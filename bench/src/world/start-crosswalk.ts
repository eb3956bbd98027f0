// Starts the real server, as an operator would, and finds its endpoints through its metadata.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { findFreePort } from '../harness/free-port.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { buildConfiguration } from './configuration.ts'
import { createIssuer, type Issuer } from './issuer.ts'

const CLI = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))
/** Beside the sources, not in /tmp: what is durable in memory costs nothing and would flatter us. */
const DATA = fileURLToPath(new URL('../../data', import.meta.url))

export interface Metadata {
  readonly issuer: string
  readonly authorization_endpoint?: string
  readonly token_endpoint: string
}

export interface Crosswalk {
  readonly pid: number
  readonly idp: Metadata
  readonly resourceAs: Metadata
  /** Whom the Resource AS trusts. */
  readonly issuer: Issuer
}

export async function startCrosswalk(stack: AsyncDisposableStack): Promise<Crosswalk> {
  mkdirSync(DATA, { recursive: true })
  const folder = mkdtempSync(join(DATA, 'run-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const issuer = createIssuer('https://idp.bench.example')
  const port = await findFreePort()
  const file = join(folder, 'crosswalk.json')
  writeFileSync(file, JSON.stringify(buildConfiguration(port, join(folder, 'crosswalk.db'), issuer)))
  const base = `http://127.0.0.1:${port}`
  const args = [CLI, 'serve', '--config', file]
  const { pid } = stack.use(await startServerProcess({ args, readyUrl: `${base}/readyz` }))
  const idp = await getMetadata(`${base}/.well-known/openid-configuration`)
  const resourceAs = await getMetadata(`${base}/.well-known/oauth-authorization-server/as/todo0`)
  return { pid, idp, resourceAs, issuer }
}

async function getMetadata(url: string): Promise<Metadata> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return (await response.json()) as Metadata
}
