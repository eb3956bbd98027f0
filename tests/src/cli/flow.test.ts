// `crosswalk flow run` against Crosswalk, and against partners that accept everything or nothing.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, TODO } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { walk } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Api, startApi } from './api.ts'
import { findFreePort } from '../support/free-port.ts'
import { type Partner, replace, startPartner } from './partner.ts'
import { crosswalk } from './run-crosswalk.ts'

interface ShownLeg {
  readonly leg: string
  readonly outcome: string
  readonly checks: readonly { readonly id: string; readonly result: string }[]
}

let server: TestServer
let api: Api
let idToken = ''
let redirectUri = ''
const ENV = {
  CROSSWALK_IDP_SECRET: AGENT.secret,
  CROSSWALK_AS_SECRET: AGENT_AT_VENDOR.secret,
  CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters',
}

function companyWithRedirect(baseUrl: string): Record<string, unknown> {
  const definition = company(baseUrl) as { idp: { apps: { redirectUris: string[] }[] } }
  return {
    ...definition,
    idp: {
      ...definition.idp,
      apps: definition.idp.apps.map((app) => ({ ...app, redirectUris: [...app.redirectUris, redirectUri] })),
    },
  }
}

beforeAll(async () => {
  redirectUri = `http://127.0.0.1:${await findFreePort()}/callback`
  server = await startTestServer({ file: companyWithRedirect })
  api = await startApi({ jwksUri: () => `${server.baseUrl}/as/vendor/jwks`, audience: TODO })
  idToken = (await signInFor(server.baseUrl, 'alice')).idToken
})
afterAll(async () => {
  await api.stop()
  await server.stop()
})

const parties = () => [
  ...['flow', 'run', '--idp', server.baseUrl, '--as', `${server.baseUrl}/as/vendor`],
  ...['--client-id', AGENT.id, '--as-client-id', AGENT_AT_VENDOR.id, '--resource', TODO, '--call', api.url],
]
const flow = (more: readonly string[] = [], stdin = idToken) =>
  crosswalk([...parties(), ...more], { env: ENV, stdin })

async function breakBy(id: string, more: readonly string[] = ['--explain-at', server.baseUrl]) {
  const { exitCode, out } = await flow(['--break', id, ...more, '-o', 'json'])
  const { faults } = JSON.parse(out) as {
    faults: readonly { fault: string; verdict: string; because: string }[]
  }
  return { exitCode, faults }
}

describe('a flow', () => {
  it('shows every leg with its checks, and never a token or a secret', async () => {
    const { exitCode, out } = await flow()
    expect(exitCode).toBe(0)
    expect(out).toMatch(
      /✓ I02 [^]*✓ 1 {2}ID token → ID-JAG {2}200[^]*✓ J04 [^]*✓ 2 [^]*✓ B06 [^]*✓ 3 [^]*✓ T01/,
    )
    const signature = idToken.split('.')[2] ?? ''
    for (const secret of [signature, AGENT.secret, AGENT_AT_VENDOR.secret]) expect(out).not.toContain(secret)
    expect(out).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
  })

  it('sends the secret in the body to a server that registered the app for that', async () => {
    const auth = { method: 'client_secret_post', secret: AGENT_AT_VENDOR.secret }
    const clients = [{ id: AGENT_AT_VENDOR.id, auth }]
    const other = await startTestServer({ file: (url) => company(url, { authorizationServer: { clients } }) })
    const ids = ['--client-id', AGENT.id, '--as-client-id', AGENT_AT_VENDOR.id, '--resource', TODO]
    const servers = ['--idp', other.baseUrl, '--as', `${other.baseUrl}/as/vendor`, '--no-call']
    try {
      const { idToken: stdin } = await signInFor(other.baseUrl, 'alice')
      const run = (...more: string[]) =>
        crosswalk(['flow', 'run', ...servers, ...ids, ...more], { env: ENV, stdin })
      expect((await run()).out).toMatch(/✓ 1 [^]*✕ 2 [^]*error=invalid_client/)
      expect(await run('--as-secret-post')).toMatchObject({ exitCode: 0 })
    } finally {
      await other.stop()
    }
  })

  it('does not send a secret in the body without one', async () => {
    const { exitCode, err } = await crosswalk([...parties(), '--as-secret-post'], { stdin: idToken })
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/--as-secret-post needs a secret\nfix: .*--as-secret/),
    ])
  })

  it('sends the scopes at redemption too if told so, as some servers require', async () => {
    const REDEEMED_WITH_SCOPE = /assertion=.*\n +scope=todos\.read\n/
    expect((await flow(['--scope', 'todos.read'])).out).not.toMatch(REDEEMED_WITH_SCOPE)
    const { exitCode, out } = await flow(['--scope', 'todos.read', '--send-scope'])
    expect([exitCode, out]).toEqual([0, expect.stringMatching(REDEEMED_WITH_SCOPE)])
  })

  it('prints one document for scripts', async () => {
    const { out } = await flow(['-o', 'json', '--scope', 'todos.read todos.burn'])
    const narrowed = JSON.parse(out) as { schema: string; ok: boolean; legs: readonly ShownLeg[] }
    expect([narrowed.schema, narrowed.ok]).toEqual(['crosswalk.flow/v1', true])
    expect(narrowed.legs[0]?.checks.find(({ id }) => id === 'X07')?.result).toBe('info')
    const good = JSON.parse((await flow(['-o', 'json', '--scope', 'todos.read'])).out) as {
      legs: readonly ShownLeg[]
    }
    expect(good.legs.map(({ leg, outcome }) => `${leg} ${outcome}`)).toEqual([
      'exchange done',
      'redemption done',
      'call done',
    ])
    expect(good.legs.flatMap(({ checks }) => checks.filter(({ result }) => result !== 'pass'))).toEqual([])
  })

  it('says where it stopped, and how to find out why', async () => {
    const { idToken: bobs } = await signInFor(server.baseUrl, 'bob')
    const { exitCode, out, err } = await flow(['--explain-at', server.baseUrl], bobs)
    expect(exitCode).toBe(3)
    expect(out).toMatch(/✕ 1 {2}ID token → ID-JAG {2}400[^]*error=access_denied[^]*explained as XAA5001/)
    expect(err).toMatch(/^recorded as XAA1502: /)
    expect(err).toMatch(new RegExp(`^why: npx crosswalk explain dec_\\w+ --server ${server.baseUrl}\n`, 'm'))
  })

  it('says what the code of a response means', async () => {
    const { exitCode, out, err } = await flow(['--as-client-id', 'nobody'])
    expect(exitCode).toBe(3)
    expect(out).toContain('explained as XAA2101 (certain): Client authentication failed. Use the method and')
    expect(err).toMatch(new RegExp(` --server ${server.baseUrl}\n`))
  })

  it('notices a wrong token before sending it', async () => {
    const { accessToken } = await signInFor(server.baseUrl, 'alice')
    const { exitCode, out } = await flow(['-o', 'json'], accessToken)
    expect(exitCode).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ id_token_checks: [{ id: 'I01', result: 'fail' }, {}, {}] })
  })

  it('signs in with a browser and a loopback redirect', async () => {
    const opened = Promise.withResolvers<string>()
    const { run } = await import('@crosswalk/cli')
    const ended = run(
      [
        ...[
          'flow',
          'run',
          '--idp',
          server.baseUrl,
          '--as',
          `${server.baseUrl}/as/vendor`,
          '--client-id',
          AGENT.id,
        ],
        ...['--as-client-id', AGENT_AT_VENDOR.id, '--resource', TODO, '--no-call'],
        ...['--sign-in', '--redirect-uri', redirectUri],
      ],
      {
        writeOut: () => undefined,
        writeErr: (text) => void opened.resolve(/^http\S+$/m.exec(text)?.[0] ?? ''),
        stdin: [],
        isStdinTerminal: true,
        env: ENV,
        nowMs: () => Date.now(),
      },
    )
    const { arrivedAt } = await walk(await opened.promise, {
      redirectUri,
      username: 'alice',
      password: PASSWORD,
    })
    await fetch(arrivedAt ?? '')
    expect(await ended).toBe(0)
  })

  it.each([
    ['no user is given', ['flow', 'run'], 2],
    ['there is no ID token', [], 2],
    ['the ID token is empty', ['--id-token', '-'], 2],
    ['the fault is unknown', ['--break', 'nonsense'], 2],
    ['a file is missing', ['--id-token', '/nowhere'], 2],
    ['the admin token would be sent unencrypted', ['--explain-at', 'http://idp.example'], 2],
    ['no demo world has run here', ['flow', 'run', '--demo', 'alice', '--demo-data', '/nowhere'], 2],
  ])('exits with its code if %s', async (_, more, exitCode) => {
    const args = more[0] === 'flow' ? more : [...parties(), ...more]
    const { run } = await import('@crosswalk/cli')
    const quiet = { writeOut: () => undefined, writeErr: () => undefined, stdin: [] }
    expect(await run(args, { ...quiet, isStdinTerminal: true, env: ENV, nowMs: () => Date.now() })).toBe(
      exitCode,
    )
  })
})

describe('a deliberate fault', () => {
  it('is denied by Crosswalk, each for its own reason', async () => {
    const { exitCode, faults } = await breakBy('all')
    expect(faults.filter(({ verdict }) => verdict !== 'refused-as-expected')).toEqual([])
    expect([exitCode, faults.length]).toEqual([0, 41])
  })

  it('with a forged signature needs the decision record', async () => {
    const { exitCode, faults } = await breakBy('wrong-typ', [])
    expect([exitCode, faults[0]?.verdict]).toEqual([12, 'inconclusive'])
    expect((await breakBy('signature', [])).faults[0]).toMatchObject({ verdict: 'refused-as-expected' })
  })

  it('is reported to build systems as JUnit XML, skipped if inconclusive', async () => {
    const { exitCode, out } = await flow(['--break', 'wrong-typ', '-o', 'junit'])
    const totals = 'tests="1" failures="0" errors="0" skipped="1"'
    expect([exitCode, out]).toEqual([12, expect.stringContaining(`<testsuites name="faults" ${totals}>`)])
    const { exitCode: misuse, err } = await flow(['-o', 'junit'])
    expect([misuse, err]).toEqual([2, expect.stringContaining('add --break all')])
  })

  it('proves nothing if everything is denied anyway', async () => {
    const { idToken: bobs } = await signInFor(server.baseUrl, 'bob')
    const { exitCode, out } = await flow(['--break', 'signature'], bobs)
    expect([exitCode, out]).toEqual([
      12,
      expect.stringMatching(/\? INCONCLUSIVE {2}signature[^]*prove nothing/),
    ])
  })

  it('is sent only to this machine, unless --i-own-this is given', async () => {
    const args = [
      'flow',
      'run',
      '--idp',
      'https://idp.example',
      '--as',
      'https://as.example',
      '--client-id',
      'a',
    ]
    const { exitCode, err } = await crosswalk([...args, '--break', 'all'], { env: ENV, stdin: idToken })
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/--i-own-this/)])
  })
})

describe('partners of another vendor', () => {
  let partner: Partner
  beforeAll(async () => {
    partner = await startPartner()
  })
  afterAll(() => partner.stop())
  const run = (more: readonly string[]) =>
    crosswalk(
      [
        'flow',
        'run',
        '--idp',
        partner.idp,
        '--as',
        partner.as,
        '--client-id',
        'app',
        '--no-call',
        ...more,
        '-o',
        'json',
      ],
      { env: ENV, stdin: idToken },
    )

  it('that accept everything are detected', async () => {
    const token = { body: { access_token: idToken, token_type: 'Bearer' } }
    partner.change((healthy) => ({ ...healthy, '/idp/token': token, '/as/token': token }))
    const { exitCode, out } = await run(['--break', 'signature'])
    expect([exitCode, JSON.parse(out)]).toMatchObject([3, { faults: [{ verdict: 'taken' }] }])
    const plain = JSON.parse((await run([])).out) as { ok: boolean; legs: readonly ShownLeg[] }
    const failed = plain.legs.flatMap(({ checks }) => checks.filter(({ result }) => result === 'fail'))
    expect([plain.ok, failed.map(({ id }) => id)]).toEqual([false, ['J01', 'J02', 'J03', 'J04']])
  })

  it('whose metadata names another issuer get neither token nor secret', async () => {
    const body = {
      issuer: `${partner.origin}/other`,
      token_endpoint: `${partner.origin}/steal`,
      grant_types_supported: [GRANT_TYPE.jwtBearer],
    }
    partner.change(replace('/.well-known/oauth-authorization-server/as', () => ({ body })))
    const before = partner.seen.length
    expect((await run([])).exitCode).toBe(3)
    expect(partner.seen.slice(before).every(({ method, secret }) => method === 'GET' && !secret)).toBe(true)
  })
})
