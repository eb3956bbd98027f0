import { createServer } from 'node:net'

import { describe, expect, it } from 'vitest'

import { clientSecret } from './client-auth.ts'
import { describeFault, findFaultHint } from './describe-fault.ts'
import { Unavailable } from './xaa-error.ts'
import { xaa } from './xaa.ts'

describe('a server that does not respond', () => {
  it('is reported as unreachable, with the cause, although fetch only states "fetch failed"', async () => {
    const idp = `http://127.0.0.1:${await findClosedPort()}`
    const vendor = 'https://vendor.test'
    const agent = xaa({
      idp,
      client: { id: 'agent0', auth: clientSecret('a-secret-of-some-length') },
      resources: {
        [vendor]: {
          clientId: 'there',
          tokenEndpoint: `${vendor}/token`,
          auth: clientSecret('another-secret-of-it'),
        },
      },
      sleepMs: async () => undefined,
    })
    const session = { getSubjectToken: async () => ({ token: 'e30.e30.e30', type: 'id_token' as const }) }
    const thrown: unknown = await agent
      .as(session)
      .at('https://todo0.test/api', { authorizationServer: vendor })
      .token()
      .catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Unavailable)
    expect(thrown).toMatchObject({
      code: 'XAA5007',
      server: idp,
      evidence: 'connection refused: nothing listens there (ECONNREFUSED)',
      hint: 'Check the address and its port, and that the server runs.',
    })
    expect((thrown as Error).message).not.toContain('TypeError')
    expect((thrown as Error).message).toContain(idp)
  })

  const caused = (cause: unknown) => new TypeError('fetch failed', { cause })
  const coded = (code: string) => Object.assign(new Error('internal'), { code })
  it.each([
    ['no such host', caused(coded('ENOTFOUND')), 'there is no such host (ENOTFOUND)'],
    [
      'every address refused',
      caused(new AggregateError([coded('ECONNREFUSED')])),
      'connection refused: nothing listens there (ECONNREFUSED)',
    ],
    [
      'plain HTTP',
      caused(coded('ERR_SSL_WRONG_VERSION_NUMBER')),
      'no TLS there (ERR_SSL_WRONG_VERSION_NUMBER)',
    ],
    ['an unknown code', caused(coded('EWEIRD')), 'no answer (EWEIRD)'],
    ['a name that every object has', caused(coded('CONSTRUCTOR')), 'no answer (CONSTRUCTOR)'],
    ['a time limit', new DOMException('The operation timed out', 'TimeoutError'), 'no answer in time'],
    ['only a message', new TypeError('fetch failed'), 'no answer: fetch failed'],
    ['a message with a token', new Error(`sent ${'a'.repeat(40)}`), 'no answer: sent [redacted]'],
    ['no error', undefined, 'no answer'],
  ])('%s', (_, fault, words) => {
    expect(describeFault(fault)).toBe(words)
  })

  it.each([
    ['ENOTFOUND', 'Check the spelling of its host name.'],
    ['SELF_SIGNED_CERT_IN_CHAIN', expect.stringContaining('NODE_EXTRA_CA_CERTS')],
    ['ERR_SSL_WRONG_VERSION_NUMBER', expect.stringContaining('https:')],
    ['ETIMEDOUT', undefined],
    ['CONSTRUCTOR', undefined],
  ])('with %s has the hint %s', (code, hint) => {
    expect(findFaultHint(caused(coded(code)))).toEqual(hint)
  })
})

/** A port that was free a moment ago. */
async function findClosedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address !== null ? address.port : 0
}
