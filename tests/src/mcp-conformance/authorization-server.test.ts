// The `authorization` command of the conformance tool against our IdP and a Resource Authorization Server with the code flow: the tool sends
// the request, a user signs in (and consents at the latter), and the tool redeems the code.
import { createServer } from 'node:net'

import { expect, it } from 'vitest'

import { addCodeFlow, openAsUser, pressConsent } from '../support/code-flow.ts'
import { company, PASSWORD } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { findUnexplained } from './find-unexplained.ts'
import { runTool } from './run-tool.ts'

const TIMEOUT_MS = 60_000
const PUBLIC_APP = 'conformance-tool'
/** Off by default, but the tool expects it. */
const DOCUMENTS = { allow: ['client.example'] }

it('finds no problem in the metadata and sign-in of the IdP (META-10)', { timeout: TIMEOUT_MS }, async () => {
  const port = await findFreePort()
  const redirectUri = redirectUriAt(port)
  const server = await startTestServer({ file: (baseUrl) => withPublicApp(company(baseUrl), redirectUri) })
  const user = { redirectUri, username: 'alice', password: PASSWORD }
  await expectNoFault(server, { url: server.baseUrl, port }, (url) =>
    walk(url, user).then(({ arrivedAt = '' }) => fetch(arrivedAt)),
  )
})

it(
  'finds no problem in the metadata and code flow of a Resource Authorization Server',
  { timeout: TIMEOUT_MS },
  async () => {
    const port = await findFreePort()
    const server = await startTestServer({
      file: (baseUrl) => withPublicClient(baseUrl, redirectUriAt(port)),
    })
    const jar = new Map<string, string>()
    const url = `${server.baseUrl}/as/vendor`
    await expectNoFault(server, { url, port }, async (asked) => {
      const { page = '' } = await openAsUser(asked, 'alice', jar)
      const answer = await pressConsent(page, jar)
      await fetch(answer.headers.get('location') ?? '')
    })
  },
)

const redirectUriAt = (port: number) => `http://127.0.0.1:${port}/callback`

/** @param act - the user's part at the URL that the tool opens */
async function expectNoFault(
  server: TestServer,
  { url, port }: { readonly url: string; readonly port: number },
  act: (url: string) => Promise<unknown>,
): Promise<void> {
  let acted: Promise<unknown> | undefined
  try {
    const results = await runTool(
      ['authorization', '--url', url, '--client-id', PUBLIC_APP, '--port', String(port)],
      {
        timeoutMs: TIMEOUT_MS,
        onOutput: (output) => {
          const asked = /^(http\S+[?&]code_challenge=\S+)\s/m.exec(output)?.[1]
          if (asked !== undefined) acted ??= act(asked)
        },
      },
    )
    await acted
    expect(results.map(({ scenario }) => scenario).toSorted()).toEqual([
      'authorization-code-grant',
      'authorization-server-metadata-endpoint',
    ])
    expect(findUnexplained('authorization', results)).toEqual([])
    const grant = results.flatMap(({ checks }) => checks).find(({ id }) => id === 'authorization-code-grant')
    expect(grant?.details?.['body']).toMatchObject({ token_type: 'Bearer' })
  } finally {
    await server.stop()
  }
}

/** Only one resource, since the tool does not name any. */
function withPublicClient(baseUrl: string, redirectUri: string): Record<string, unknown> {
  const file = addCodeFlow(baseUrl, company(baseUrl))
  const [server] = file.authorizationServers as unknown as Record<string, readonly unknown[]>[]
  const client = {
    id: PUBLIC_APP,
    name: 'Conformance tool',
    redirectUris: [redirectUri],
    auth: { method: 'none' },
  }
  const clients = [...(server?.['clients'] ?? []), client]
  const resources = server?.['resources']?.slice(0, 1)
  const idp = file.idp as unknown as Record<string, readonly { readonly id: string }[]>
  const only = (list: readonly { readonly id: string }[] = []) =>
    list.filter(({ id }) => !id.includes('notes0'))
  return {
    ...file,
    idp: { ...idp, resourceApps: only(idp['resourceApps']), connections: only(idp['connections']) },
    authorizationServers: [{ ...server, clients, resources, clientMetadata: DOCUMENTS }],
  }
}

function withPublicApp(file: Record<string, unknown>, redirectUri: string): Record<string, unknown> {
  const idp = file['idp'] as { readonly apps: readonly object[] }
  const app = {
    id: PUBLIC_APP,
    name: 'Conformance tool',
    kind: 'web',
    redirectUris: [redirectUri],
    // The tool acts as a public client if the server supports those, even if it has a secret.
    auth: { method: 'none' },
    assignments: { everyone: true },
  }
  return { ...file, idp: { ...idp, apps: [...idp.apps, app], clientMetadata: DOCUMENTS } }
}

/** The tool listens there itself: it accepts a port, but cannot report one it chose. */
async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
