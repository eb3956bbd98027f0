// A browser for programs in other languages: signs alice in, allows what the consent page asks, and tells the program
// where she returns.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { openAsUser, pressConsent } from '../../support/code-flow.ts'

export interface ConsentBrowser extends AsyncDisposable {
  /** With `?open=` and an authorization URL, it responds with the address of the return. */
  readonly url: string
}

export async function startConsentBrowser(): Promise<ConsentBrowser> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://browser.test').searchParams.get('open') ?? ''
    allow(url).then(
      (returned) => response.end(returned),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

async function allow(url: string): Promise<string> {
  const jar = new Map<string, string>()
  const { page = '' } = await openAsUser(url, 'alice', jar)
  return (await pressConsent(page, jar)).headers.get('location') ?? ''
}
