// The playground in this process, with a test company whose IdP also knows a foreign authorization server.
import { runPlayground } from '@crosswalk/cli'

import { type Api, startApi } from '../cli/api.ts'
import { type ForeignAs, startForeignAs } from '../sdk/support/oidc-provider-as.ts'
import { AGENT, AGENT_AT_VENDOR, company, REDIRECT_URI, TODO } from './company.ts'
import { signInFor } from './flow.ts'
import { findFreePort } from './free-port.ts'
import { startTestServer, type TestServer } from './server.ts'

export interface TestPlayground {
  readonly server: TestServer
  /** node-oidc-provider, which redeems ID-JAGs of the company's IdP */
  readonly foreign: ForeignAs
  readonly origin: string
  /** Alice's ID token, with which every run starts */
  readonly idToken: string
  stop(): Promise<void>
}

export const AT_FOREIGN = { id: 'agent0-elsewhere', secret: 'agent0 secret elsewhere' }

export async function startPlayground(): Promise<TestPlayground> {
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const late: { idp?: string } = {}
  const foreign = await startForeignAs({
    idp: () => late.idp ?? '',
    client: AT_FOREIGN,
    fetch,
    nowMs: () => Date.now(),
  })
  const server = await startTestServer({
    file: (baseUrl) => withForeign(company(baseUrl), { foreign, redirectUri: `${origin}/callback` }),
  })
  late.idp = server.baseUrl
  const api: Api = await startApi({ jwksUri: () => `${server.baseUrl}/as/vendor/jwks`, audience: TODO })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const playground = await servePlayground(
    {
      idp: server.baseUrl,
      as: `${server.baseUrl}/as/vendor`,
      clientId: AGENT.id,
      asClientId: AGENT_AT_VENDOR.id,
      resource: TODO,
      call: api.url,
      explainAt: server.baseUrl,
      idToken: '-',
      portBase: 4000,
      port,
    },
    idToken,
  )
  return {
    server,
    foreign,
    origin,
    idToken,
    async stop() {
      await playground.stop()
      await api.stop()
      await foreign.stop()
      await server.stop()
    },
  }
}

/** @param stdin - standard input, if an option reads it */
export async function servePlayground(options: Parameters<typeof runPlayground>[1], stdin = '') {
  const started = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  const terminal = {
    writeOut: () => undefined,
    writeErr: () => started.resolve(),
    stdin: [Buffer.from(stdin)],
    isStdinTerminal: false,
    env: {
      CROSSWALK_IDP_SECRET: AGENT.secret,
      CROSSWALK_AS_SECRET: AGENT_AT_VENDOR.secret,
      CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters',
    },
    nowMs: () => Date.now(),
    endWith: () => undefined,
    suggest: (commandLine: string) => commandLine,
  }
  const ended = runPlayground(terminal, options, stopped.promise)
  await Promise.race([started.promise, ended])
  return {
    origin: `http://127.0.0.1:${options.port}`,
    async stop() {
      stopped.resolve()
      await ended
    },
  }
}

interface Extra {
  readonly foreign: ForeignAs
  readonly redirectUri: string
}

type Idp = Record<'apps' | 'resourceApps' | 'connections', readonly Record<string, unknown>[]>

/** The company also lets Agent0 access the foreign server's resource, and sign in from the playground. */
function withForeign(
  file: Record<string, unknown>,
  { foreign, redirectUri }: Extra,
): Record<string, unknown> {
  const { apps, resourceApps, connections, ...rest } = file['idp'] as Idp
  const { issuer, resource } = foreign
  const scopes = ['todos.read', 'todos.write']
  const assignments = { groups: ['engineering'] }
  return {
    ...file,
    idp: {
      ...rest,
      apps: apps.map((app) =>
        app['id'] === AGENT.id ? { ...app, redirectUris: [REDIRECT_URI, redirectUri] } : app,
      ),
      resourceApps: [
        ...resourceApps,
        { id: 'elsewhere', name: 'Elsewhere', issuer, resources: [{ id: resource, scopes }], assignments },
      ],
      connections: [
        ...connections,
        {
          id: 'agent0-elsewhere',
          app: AGENT.id,
          resourceApp: 'elsewhere',
          clientId: AT_FOREIGN.id,
          resources: [resource],
          scopes,
          assignments,
          status: 'active',
        },
      ],
    },
  }
}
