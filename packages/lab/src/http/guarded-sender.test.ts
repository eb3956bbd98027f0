import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createCheckedLookup, findTargetProblem } from '@crosswalk/as-core'
import { describe, expect, it, test } from 'vitest'

import { createGuard, createGuardedSender } from './guarded-sender.ts'

describe('a name that resolves to this machine', () => {
  const guard = createGuard({ named: ['https://idp.example/'] })
  const look = (hostname: string) =>
    new Promise((resolve) => {
      const resolveName = async () => [{ address: '127.0.1.1', family: 4 }]
      createCheckedLookup({ ...guard(hostname), resolve: resolveName })(hostname, {}, (error, address) => {
        resolve(error?.code ?? address)
      })
    })

  it('is reached if the user named it', async () => {
    expect(await look('idp.example')).toBe('127.0.1.1')
  })

  it('is refused if only a document names it', async () => {
    expect(await look('other.example')).toBe('ADDRESS_REFUSED')
  })
})

describe('this machine', () => {
  const local = 'http://127.0.0.1:9200/token'
  const check = (named: readonly string[]) => findTargetProblem(local, createGuard({ named })('127.0.0.1'))

  it.each([[[]], [['http://127.0.0.1:4000/']], [['https://idp.example/', 'http://localhost:4000/']]])(
    'is reached if the user named %j',
    (named) => {
      expect(check(named)).toBeUndefined()
    },
  )

  it('is refused if only a document of other servers names it', () => {
    expect(check(['https://idp.example/', 'https://10.1.2.3/'])).toBe('address-refused')
  })

  it('depends on what is examined, too', () => {
    const examine = (examined: readonly string[]) =>
      findTargetProblem(local, createGuard({ examined })('127.0.0.1'))
    expect(examine(['https://idp.example/'])).toBe('address-refused')
    expect(examine(['https://idp.example/', 'http://127.0.0.1:4000/'])).toBeUndefined()
  })
})

describe('addresses in a private network', () => {
  const guard = createGuard({ named: ['https://10.1.2.3/as/todo0'] })
  const check = (url: string) => findTargetProblem(url, guard(new URL(url).hostname))

  it('are reached if the user named the host', () => {
    expect(check('https://10.1.2.3/.well-known/oauth-authorization-server')).toBeUndefined()
  })

  it('are refused if only a document names the host', () => {
    expect(check('https://10.1.2.4/')).toBe('address-refused')
  })

  it('are refused if the host is only examined', () => {
    const guard = createGuard({ examined: ['https://10.1.2.3/'] })
    expect(findTargetProblem('https://10.1.2.3/', guard('10.1.2.3'))).toBe('address-refused')
  })

  it('are never those of the cloud: link-local addresses stay refused', () => {
    const metadata = 'https://169.254.169.254/'
    expect(findTargetProblem(metadata, createGuard({ named: [metadata] })('169.254.169.254'))).toBe(
      'address-refused',
    )
  })
})

// The object is a level too.
test.each([
  [99, true],
  [100, false],
  [50_000, false],
])('an answer with %i nested arrays is JSON: %s', async (depth, isJson) => {
  const body = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
  const server = createServer((_, response) => void response.end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const sender = createGuardedSender({ nowMs: () => 0 }, { named: [url] })
  const { json, text } = await sender.send({ method: 'GET', url })
  expect([json !== undefined, text]).toEqual([isJson, body])
  await sender.close()
  server.close()
})
