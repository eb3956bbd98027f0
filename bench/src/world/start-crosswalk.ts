// Starts the server with the company of one user, and discovers its endpoints.
import { join } from 'node:path'

import { buildConfiguration } from './configuration.ts'
import { createIssuer, type Issuer } from './issuer.ts'
import { makeFolder, runServer } from './run-server.ts'

export interface Metadata {
  readonly issuer: string
  readonly authorization_endpoint?: string
  readonly token_endpoint: string
}

export interface Crosswalk {
  readonly pid: number
  readonly idp: Metadata
  readonly resourceAs: Metadata
  /** The issuer that the Resource AS trusts. */
  readonly issuer: Issuer
}

export interface Deployment {
  readonly workers: number
  /** Default: a new SQLite file */
  readonly database?: string | undefined
}

export async function startCrosswalk(
  stack: AsyncDisposableStack,
  { workers, database }: Deployment = { workers: 1 },
): Promise<Crosswalk> {
  const folder = makeFolder(stack)
  const issuer = createIssuer('https://idp.bench.example')
  const configure = (port: number) =>
    buildConfiguration(port, database ?? `sqlite:${join(folder, 'crosswalk.db')}`, issuer)
  const { pid, baseUrl: base } = await runServer(stack, folder, configure, workers)
  const idp = await getMetadata(`${base}/.well-known/openid-configuration`)
  const resourceAs = await getMetadata(`${base}/.well-known/oauth-authorization-server/as/todo0`)
  return { pid, idp, resourceAs, issuer }
}

async function getMetadata(url: string): Promise<Metadata> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} responded with ${response.status}`)
  return (await response.json()) as Metadata
}
