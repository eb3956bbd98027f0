// The `authorization` command of the conformance tool against our IdP: the tool asks, a user signs in, the tool
// redeems the code.
import { createServer } from 'node:net'

import { expect, it } from 'vitest'

import { company, PASSWORD } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { startTestServer } from '../support/server.ts'
import { findUnexplained } from './find-unexplained.ts'
import { runTool } from './run-tool.ts'

const TIMEOUT_MS = 60_000
const PUBLIC_APP = 'conformance-tool'

it(
  'finds no fault in the metadata and the sign-in of the IdP (META-10)',
  { timeout: TIMEOUT_MS },
  async () => {
    const port = await findFreePort()
    const redirectUri = `http://127.0.0.1:${port}/callback`
    const server = await startTestServer({ file: (baseUrl) => withPublicApp(company(baseUrl), redirectUri) })
    const person = { redirectUri, username: 'alice', password: PASSWORD }
    let walked: Promise<unknown> | undefined
    try {
      const results = await runTool(
        ['authorization', '--url', server.baseUrl, '--client-id', PUBLIC_APP, '--port', String(port)],
        {
          timeoutMs: TIMEOUT_MS,
          onOutput: (output) => {
            const url = /^(http\S+[?&]code_challenge=\S+)\s/m.exec(output)?.[1]
            if (url !== undefined) walked ??= walk(url, person).then(({ arrivedAt = '' }) => fetch(arrivedAt))
          },
        },
      )
      await walked
      expect(results.map(({ scenario }) => scenario).toSorted()).toEqual([
        'authorization-code-grant',
        'authorization-server-metadata-endpoint',
      ])
      expect(findUnexplained('authorization', results)).toEqual([])
      const grant = results
        .flatMap(({ checks }) => checks)
        .find(({ id }) => id === 'authorization-code-grant')
      expect(grant?.details?.['body']).toMatchObject({ token_type: 'Bearer' })
    } finally {
      await server.stop()
    }
  },
)

function withPublicApp(file: Record<string, unknown>, redirectUri: string): Record<string, unknown> {
  const idp = file['idp'] as { readonly apps: readonly object[] }
  const app = {
    id: PUBLIC_APP,
    name: 'Conformance tool',
    kind: 'web',
    redirectUris: [redirectUri],
    // The tool is a public client wherever a server knows such clients, even if it is given a secret.
    auth: { method: 'none' },
    assignments: { everyone: true },
  }
  // Off unless configured; the tool wants to see it.
  const clientMetadata = { allow: ['client.example'] }
  return { ...file, idp: { ...idp, apps: [...idp.apps, app], clientMetadata } }
}

/** The tool listens there itself: it takes a port, but cannot say which one it got. */
async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
