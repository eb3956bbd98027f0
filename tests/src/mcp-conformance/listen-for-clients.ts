// A server in the test's process through which `client-relay.mjs` reaches the client under test.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { runClient, type Scenario } from './client-under-test.ts'

export interface ListeningForClients {
  readonly url: string
  [Symbol.asyncDispose](): Promise<void>
}

export async function listenForClients(): Promise<ListeningForClients> {
  const server = createServer((request, response) => {
    const answer = async () => JSON.stringify(await runClient(JSON.parse(await text(request)) as Scenario))
    answer().then(
      (end) => response.end(end),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
