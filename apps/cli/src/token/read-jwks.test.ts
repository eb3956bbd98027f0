import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, it, onTestFinished } from 'vitest'

import { readJwks } from './read-jwks.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
}

const END = '{"keys":[]}'

it('reads a document of 1 MiB, but not one byte more', async () => {
  const exact = await serve((_, response) => response.end(END.padStart(1_048_576)))
  expect(await readJwks(exact)).toEqual({ keys: [] })
  const longer = await serve((_, response) => response.end(END.padStart(1_048_577)))
  await expect(readJwks(longer)).rejects.toThrow(`${longer} is longer than 1 MiB`)
})

it('stops reading a document that never ends', async () => {
  const endless = await serve((_, response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(65_536, ' ')), 1)
    response.once('close', () => clearInterval(timer))
  })
  await expect(readJwks(endless)).rejects.toThrow('is longer than 1 MiB')
})
