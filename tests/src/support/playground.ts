// The playground on a company of the tests, in this process.
import { runPlayground } from '@crosswalk/cli'

import { type Api, startApi } from '../cli/api.ts'
import { findFreePort } from './free-port.ts'
import { AGENT, AGENT_AT_VENDOR, company, TODO } from './company.ts'
import { signInFor } from './flow.ts'
import { startTestServer, type TestServer } from './server.ts'

export interface TestPlayground {
  readonly server: TestServer
  readonly origin: string
  /** Of alice, whose token every run begins with */
  readonly idToken: string
  stop(): Promise<void>
}

export async function startPlayground(): Promise<TestPlayground> {
  const server = await startTestServer({ file: company })
  const api: Api = await startApi({ jwksUri: () => `${server.baseUrl}/as/vendor/jwks`, audience: TODO })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const port = await findFreePort()
  const started = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  const terminal = {
    writeOut: () => undefined,
    writeErr: () => started.resolve(),
    readStdin: async () => idToken,
    isStdinTerminal: false,
    env: {
      CROSSWALK_IDP_SECRET: AGENT.secret,
      CROSSWALK_AS_SECRET: AGENT_AT_VENDOR.secret,
      CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters',
    },
    nowMs: () => Date.now(),
    endWith: () => undefined,
  }
  const options = {
    portBase: 4000,
    idp: server.baseUrl,
    as: `${server.baseUrl}/as/vendor`,
    clientId: AGENT.id,
    asClientId: AGENT_AT_VENDOR.id,
    resource: TODO,
    call: api.url,
    explainAt: server.baseUrl,
    redirectUri: 'http://127.0.0.1/callback',
    port,
  }
  const ended = runPlayground(terminal, options, stopped.promise)
  await Promise.race([started.promise, ended])
  return {
    server,
    origin: `http://127.0.0.1:${port}`,
    idToken,
    async stop() {
      stopped.resolve()
      await ended
      await api.stop()
      await server.stop()
    },
  }
}
