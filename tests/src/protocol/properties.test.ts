// Properties: parsing inverts rendering, and no mangled token request causes a server error or gets a token it was not entitled to.
import { parseForm } from '@crosswalk/as-core'
import { DECISION_HEADER, parseScope, renderScope } from '@crosswalk/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, signInFor } from '../support/flow.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt } from './support/foreign-issuer.ts'
import { makeDpopKey } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

describe('parsing and rendering', () => {
  const scopeToken = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/)

  it('parse a scope as rendered, each token once', () => {
    fc.assert(
      fc.property(fc.array(scopeToken), (tokens) => {
        expect(parseScope(renderScope(tokens))).toEqual({ accepted: true, value: [...new Set(tokens)] })
      }),
      { numRuns: 2000 },
    )
  })

  it('parse a form as rendered, with repetitions reported and empty values absent', () => {
    const pairs = fc.array(
      fc.tuple(fc.string({ maxLength: 4, unit: 'binary' }), fc.string({ maxLength: 8, unit: 'binary' })),
    )
    fc.assert(
      fc.property(pairs, (written) => {
        const form = parseForm(new URLSearchParams(written).toString())
        for (const name of new Set(written.map(([one]) => one))) {
          const values = written.filter(([one]) => one === name).map(([, value]) => value)
          expect(form.all(name)).toEqual(values.filter((value) => value !== ''))
          expect(form.repeated.includes(name)).toBe(values.length > 1)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('token endpoints', () => {
  const FOREIGN = 'https://idp.foreign.test'
  let world: World
  let real: readonly string[]

  beforeAll(async () => {
    const key = await makeKey('k')
    world = await startWorld((baseUrl) =>
      company(baseUrl, {
        authorizationServer: {
          trustedIssuers: [{ issuer: FOREIGN, jwks: { keys: [key.publicJwk] }, provisioning: 'jit' }],
        },
      }),
    )
    const tokens = await signInFor(world.baseUrl, 'alice')
    const idJag = String(
      (await exchange(world.baseUrl, tokens.idToken, { resource: TODO })).body.access_token,
    )
    const { prove } = await makeDpopKey()
    real = [
      tokens.idToken,
      tokens.refreshToken,
      tokens.accessToken,
      idJag,
      await signJwt(key, idJagClaims(world, FOREIGN), idJagHeader),
      await signJwt(key, idJagClaims(world, FOREIGN, { act: { sub: 'a' }, cnf: { jkt: 'x' } }), idJagHeader),
      await prove(`${world.baseUrl}/token`),
      await prove(`${world.baseUrl}/as/vendor/token`),
    ]
  })
  afterAll(() => world.stop())

  const mangled = fc
    .tuple(
      fc.nat(7),
      fc.constantFrom('as is', 'cut', 'flip', 'swap', 'claims', 'header', 'double'),
      fc.nat(),
      fc.jsonValue(),
    )
    .map(([index, how, at, value]) => mangle(real[index] ?? '', { how, at, value }))
  const text = fc.oneof(
    mangled,
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '',
      ' ',
      '..',
      'a.b.c',
      '%00',
      '{}',
      '[]',
      'null',
      '[[[[[[',
      TODO,
      NOTES,
      AGENT.id,
      'todos.read',
      '#',
    ),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  )
  const urn = (...names: string[]) => fc.constantFrom(...names.map((name) => `urn:ietf:params:oauth:${name}`))
  const field = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('subject_token'), mangled) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('assertion'), mangled) },
    fc.tuple(
      fc.constant('subject_token_type'),
      urn('token-type:id_token', 'token-type:refresh_token', 'token-type:saml2'),
    ),
    fc.tuple(fc.constant('requested_token_type'), urn('token-type:id-jag', 'token-type:access_token')),
    fc.tuple(fc.constant('client_assertion_type'), urn('client-assertion-type:jwt-bearer')),
    fc.tuple(fc.constantFrom('audience', 'resource'), fc.constantFrom(TODO, NOTES, `${TODO}/`, 'urn:x', 'x')),
    fc.tuple(fc.constantFrom('scope'), fc.constantFrom('todos.read', 'todos.read nothing', 'nothing', '"')),
    fc.tuple(
      fc.constantFrom(
        'audience',
        'resource',
        'scope',
        'client_id',
        'client_secret',
        'client_assertion',
        'authorization_details',
        'actor_token',
        'code',
        'refresh_token',
        '__proto__',
        'constructor',
      ),
      text,
    ),
    fc.tuple(fc.string({ maxLength: 5 }), text),
  )
  const grantType = fc.oneof(
    {
      weight: 6,
      arbitrary: urn('grant-type:token-exchange', 'grant-type:jwt-bearer', 'grant-type:jwt-dpop'),
    },
    fc.constantFrom('authorization_code', 'refresh_token', 'client_credentials', '__proto__', 'toString'),
    text,
  )
  const header = fc.oneof(
    fc.tuple(fc.constant('dpop'), mangled),
    fc.tuple(
      fc.constantFrom(
        'authorization',
        'dpop',
        'traceparent',
        'content-encoding',
        'content-type',
        'accept',
        'cookie',
      ),
      fc.stringMatching(/^[\x20-\x7e]{0,40}$/),
    ),
    fc.tuple(
      fc.constant('authorization'),
      fc.base64String({ maxLength: 60 }).map((one) => `Basic ${one}`),
    ),
  )
  const request = fc.record({
    server: fc.constantFrom('idp', 'vendor'),
    signedIn: fc.boolean(),
    whole: fc.boolean(),
    grantType,
    fields: fc.array(field, { maxLength: 5 }),
    headers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(header, { maxLength: 2 })),
    raw: fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      fc.string({ unit: 'binary', maxLength: 80 }),
    ),
  })
  type Input = typeof request extends fc.Arbitrary<infer T> ? T : never

  /** Mostly close to a valid request, since others are rejected early. */
  function build({ server, signedIn, whole, grantType: grant, fields, headers, raw }: Input): Request {
    const atVendor = server === 'vendor'
    const url = `${world.baseUrl}${atVendor ? '/as/vendor' : ''}/token`
    const form = new URLSearchParams(whole ? fill(atVendor) : { grant_type: grant })
    for (const [name, value] of fields)
      if (whole) form.set(name, value)
      else form.append(name, value)
    const sent = new Headers({ 'content-type': 'application/x-www-form-urlencoded' })
    if (signedIn) sent.set('authorization', basic(atVendor ? AGENT_AT_VENDOR : AGENT))
    for (const [name, value] of headers) sent.set(name, value)
    return new Request(url, { method: 'POST', headers: sent, body: raw ?? form.toString() })
  }

  function fill(atVendor: boolean): Record<string, string> {
    if (atVendor)
      return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: real[4] ?? '' }
    return {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: `${world.baseUrl}/as/vendor`,
      resource: TODO,
      subject_token: real[0] ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    }
  }

  it('handle ten thousand mangled requests without a server error, each with a record and an OAuth error (IDP-34, RAS-43)', async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(request, async (input) => {
        const answer = await world.fetch(build(input))
        const body = (await answer.json()) as Record<string, unknown>
        const outcome = answer.status === 200 ? 'granted' : String(body.error)
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
        expect(answer.status).toBeLessThan(500)
        expect(answer.headers.get(DECISION_HEADER)).toMatch(/^dec_/)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(typeof (answer.status === 200 ? body.access_token : body.error)).toBe('string')
        if (answer.status !== 200) expect(body).not.toHaveProperty('access_token')
      }),
      { numRuns: 10_000 },
    )
    expect(world.faults).toEqual([])
    // Enough requests get far enough to be meaningful.
    for (const outcome of [
      'granted',
      'invalid_client',
      'invalid_grant',
      'invalid_request',
      'invalid_target',
      'invalid_scope',
    ])
      expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(5)
  })
})

interface Mangling {
  readonly how: 'as is' | 'cut' | 'flip' | 'swap' | 'claims' | 'header' | 'double'
  readonly at: number
  readonly value: unknown
}

function mangle(token: string, { how, at, value }: Mangling): string {
  const place = token.length === 0 ? 0 : at % token.length
  const [header = '', payload = '', signature = ''] = token.split('.')
  switch (how) {
    case 'as is':
      return token
    case 'cut':
      return token.slice(0, place)
    case 'flip':
      return `${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`
    case 'swap':
      return [payload, header, signature].join('.')
    case 'claims':
      return [header, change(payload, at, value), signature].join('.')
    case 'header':
      return [change(header, at, value), payload, signature].join('.')
    case 'double':
      return `${token}.${token}`
  }
}

/** Replaces one member of a JSON part. */
function change(part: string, at: number, value: unknown): string {
  try {
    const object = JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    const name = Object.keys(object)[at % Object.keys(object).length] ?? 'x'
    return Buffer.from(JSON.stringify({ ...object, [name]: value })).toString('base64url')
  } catch {
    return Buffer.from(JSON.stringify(value)).toString('base64url')
  }
}
