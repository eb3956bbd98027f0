// The client under test: an app with our SDKs at the MCP server of a scenario. It connects, lists the tools and calls each. If the scenario
// has no identity provider, a Crosswalk server is started and configured for the scenario's server.
import {
  type AgentSession,
  clientSecret,
  publicClient,
  type XaaOptions,
  xaa,
  XaaError,
} from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { connectXaa as connectXaaV1 } from '@crosswalk/mcp/client-v1'
import { Client } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'

import { AGENT, AGENT_AT_VENDOR } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { companyOf } from './company-of.ts'

/** Input from the tool. */
export interface Scenario {
  readonly serverUrl: string
  readonly name: string
  readonly protocolVersion: string
  /** JSON: identifiers and secrets of the scenario's own servers */
  readonly context: string
  /** Version of the official SDK below ours */
  readonly sdk: 'v1' | 'v2'
}

/** The outcome. */
export interface ClientEnd {
  /** `done`, or the code of the SDK's error */
  readonly outcome: string
  /** Scopes requested in each exchange at the identity provider; empty if none */
  readonly exchanges: readonly string[]
  /** HTTP status of each redemption */
  readonly redemptions: readonly number[]
}

interface World {
  readonly options: XaaOptions
  readonly idToken: string
  readonly stop: () => Promise<void>
}

/** Scenarios whose servers require a scope that the client does not have. */
const ASKS_FOR_MORE = /^auth\/scope-(step-up|retry-limit)$/

/** A scenario with metadata for the whole host, which the app must accept explicitly. */
const IS_WHOLE_HOST = /^auth\/metadata-var2$/

/** @throws any error of the SDK except an {@link XaaError}, whose code becomes the outcome */
export async function runClient(scenario: Scenario): Promise<ClientEnd> {
  const world = await buildWorld(scenario)
  const exchanges: string[] = []
  const redemptions: number[] = []
  const agent = xaa({
    ...world.options,
    // A slow machine must not count as a failure.
    timeoutMs: 60_000,
    fetch: async (url, init) => {
      const form = init?.body
      if (typeof form === 'string' && form.includes('requested_token_type'))
        exchanges.push(new URLSearchParams(form).get('scope') ?? '')
      return await fetch(url, init)
    },
    onLeg: ({ leg, status }) => {
      if (leg === 'redemption') redemptions.push(status ?? 0)
    },
  })
  const session = agent.as({ getSubjectToken: () => world.idToken })
  try {
    return { outcome: await useServer(scenario, session), exchanges, redemptions }
  } finally {
    await world.stop()
  }
}

async function useServer(scenario: Scenario, session: AgentSession): Promise<string> {
  try {
    const client = await connect(scenario, session)
    const { tools } = await client.listTools()
    for (const { name } of tools) await client.callTool({ name, arguments: {} })
    await client.close()
    return 'done'
  } catch (error) {
    if (error instanceof XaaError) return error.code
    throw error
  }
}

async function connect(scenario: Scenario, session: AgentSession): Promise<Client | ClientV1> {
  const { serverUrl, name, protocolVersion } = scenario
  const about = { name: 'agent0', version: '1.0.0' }
  const options = {
    ...(ASKS_FOR_MORE.test(name) ? { scope: 'mcp:basic' } : {}),
    ...(IS_WHOLE_HOST.test(name) ? { resource: new URL(serverUrl).origin } : {}),
  }
  if (scenario.sdk === 'v1') {
    const client = new ClientV1(about)
    await connectXaaV1(client, session, serverUrl, options)
    return client
  }
  const versions = protocolVersion === '2026-07-28' ? { mode: { pin: protocolVersion } } : {}
  const client = new Client(about, { versionNegotiation: versions })
  await connectXaa(client, session, serverUrl, options)
  return client
}

async function buildWorld(scenario: Scenario): Promise<World> {
  const issuer = await findIssuer(scenario.serverUrl)
  const given = JSON.parse(scenario.context) as Record<string, string>
  // Other scenarios provide credentials for grants that our client does not use.
  return given['idp_issuer'] === undefined
    ? await buildOwnWorld(scenario, issuer)
    : buildGivenWorld(issuer, given)
}

/** Where the app is registered; the SDK discovers the authorization server itself. */
async function findIssuer(serverUrl: string): Promise<string> {
  const { origin, pathname } = new URL(serverUrl)
  for (const path of [pathname, '']) {
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource${path}`)
    if (response.ok) return await readIssuer(response)
  }
  const { headers } = await fetch(serverUrl, { method: 'POST' })
  const [, announced] = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? []
  // Without metadata, the scenario predates RFC 9728: our client contacts no authorization server, so any registration will do.
  return announced === undefined ? origin : await readIssuer(await fetch(announced))
}

async function readIssuer(response: Response): Promise<string> {
  const { authorization_servers: issuers } = (await response.json()) as { authorization_servers: string[] }
  return issuers[0] ?? ''
}

function buildGivenWorld(issuer: string, given: Readonly<Record<string, string>>): World {
  const { idp_issuer: idp = '', idp_client_id: id = '', idp_id_token: idToken = '' } = given
  const { client_id: clientId = '', client_secret: secret = '' } = given
  return {
    options: {
      idp,
      client: { id, auth: publicClient() },
      resources: { [issuer]: { clientId, auth: clientSecret(secret) } },
    },
    idToken,
    stop: async () => undefined,
  }
}

async function buildOwnWorld({ serverUrl, name }: Scenario, issuer: string): Promise<World> {
  const server = await startTestServer({ file: (baseUrl) => companyOf(baseUrl, issuer, serverUrl) })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  return {
    options: {
      idp: server.baseUrl,
      client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
      resources: {
        [issuer]: { clientId: AGENT_AT_VENDOR.id, auth: publicClient(), ...chooseEndpoint(name, issuer) },
      },
      dpop: name.startsWith('auth/dpop'),
    },
    idToken,
    stop: () => server.stop(),
  }
}

/**
 * These servers accept ID-JAGs but announce only the authorization code, so the app configures the endpoint.
 * Other scenarios test the metadata itself.
 */
function chooseEndpoint(name: string, issuer: string): { readonly tokenEndpoint?: string } {
  return /^auth\/(dpop|scope-)/.test(name) ? { tokenEndpoint: `${issuer}/token` } : {}
}
