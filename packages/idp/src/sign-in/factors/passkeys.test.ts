import { generateKeyPairSync } from 'node:crypto'

import type { AuditEvent } from '@crosswalk/as-core'
import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import { beforeEach, describe, expect, test } from 'vitest'

import { findRpId } from './passkey-host.ts'
import { MAX_PASSKEYS } from './passkeys.ts'
import { type AnswerChange, type Authenticator, createAuthenticator } from '../testing/authenticator.ts'
import type { Browser, Visited } from '../testing/browser.ts'
import { buildAuthorizationUrl, redeem, signInAs } from '../testing/flow.ts'
import { AGENT0, createWorld, PORTAL, type World } from '../testing/world.ts'

const MFA = { acr_values: 'mfa' }
/** Only kept */
const EVENT = { log: 'idp', event: {} as AuditEvent }
const SITE = 'http://localhost:4000'

const createSite = (change: Parameters<typeof createWorld>[0] = {}) =>
  createWorld({ baseUrl: SITE, ...change })

/** The options that the page passes to the script. */
function readOptions(page: Visited, kind: 'ask' | 'new') {
  const text = new RegExp(`data-passkey="${kind}" data-options="([^"]*)"`).exec(page.text)?.[1]
  if (text === undefined) throw new Error(`no passkey is requested at ${page.url}: ${page.text}`)
  return JSON.parse(text.replaceAll('&quot;', '"')) as {
    challenge: string
    rpId?: string
    rp?: { id: string }
    user?: { id: string }
    allowCredentials?: { id: string }[]
    excludeCredentials?: { id: string }[]
  }
}

/** Sends what the script would send: only the fields of its own form. */
function send(browser: Browser, page: Visited, fields: Readonly<Record<string, string>>) {
  const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1] ?? ''
  const text = `<form action="${action}"></form>`
  return browser.submit({ ...page, text }, fields)
}

const create = (page: Visited, key: Authenticator, change: AnswerChange = {}, name = 'My key') => ({
  step: 'new-passkey',
  name,
  response: key.create(readOptions(page, 'new'), change),
})
const get = (page: Visited, key: Authenticator, change: AnswerChange = {}) => ({
  step: 'passkey',
  response: key.get(readOptions(page, 'ask'), change),
})

async function enrol(world: World, key: Authenticator, browser = world.browse(SITE)) {
  const page = await signInAs(browser, 'alice', AGENT0, MFA, SITE)
  return send(browser, page, create(page, key))
}

async function claimsOf(world: World, back: Visited) {
  const { json } = await redeem(world, AGENT0, back.left?.searchParams.get('code'))
  return decodeJwt(json['id_token'] ?? '')
}

const failures = ({ events }: World) =>
  events.filter(({ type }) => type === 'signin.factor_failed').map(({ reason }) => reason)

describe('the host of passkeys', () => {
  test.each([
    ['https://idp.acme.test', 'idp.acme.test'],
    ['https://idp.acme.test:8443/sso', 'idp.acme.test'],
    ['http://localhost:4000', 'localhost'],
    ['http://127.0.0.1:4000', undefined],
    ['http://[::1]:4000', undefined],
  ])('of %s is %s', (baseUrl, rpId) => {
    expect(findRpId(baseUrl)).toBe(rpId)
  })
})

describe('setting up a passkey', () => {
  test('results in an mfa sign-in, with a hardware or software key', async () => {
    for (const [synced, method, type] of [
      [false, 'hwk', 'fido2-roaming'],
      [true, 'swk', 'fido2-platform'],
    ] as const) {
      const world = await createSite()
      const key = createAuthenticator(SITE, { synced })
      const back = await enrol(world, key)
      expect(await claimsOf(world, back)).toMatchObject({ acr: 'mfa', amr: ['pwd', method] })
      expect(
        world.events.map(({ type, change, authentication }) => [type, change ?? authentication]),
      ).toEqual([
        ['signin.succeeded', { acr: 'pwd', amr: ['pwd'] }],
        ['signin.factor_enrolled', { change_type: 'create', credential_types: [type] }],
        ['signin.succeeded', { acr: 'mfa', amr: ['pwd', method] }],
      ])
      expect(await world.secondFactors.listPasskeys('usr_alice')).toMatchObject([
        { id: key.id, name: 'My key', rpId: 'localhost', synced },
      ])
    }
  })

  test('is offered for the exact host, with a handle that identifies no user', async () => {
    const world = await createSite()
    const page = await signInAs(world.browse(SITE), 'alice', AGENT0, MFA, SITE)
    const options = readOptions(page, 'new')
    expect(options).toMatchObject({ rp: { id: 'localhost' }, user: { name: 'alice' } })
    expect(options.user?.id).toMatch(/^[\w-]{43}$/)
    expect(Buffer.from(options.user?.id ?? '', 'base64url').toString()).not.toContain('alice')
    expect(page.text).toMatch(/<div data-passkeys hidden>/)
  })

  test('is neither offered nor accepted at an IP address, where browsers create no passkeys', async () => {
    const world = await createWorld()
    const browser = world.browse()
    const page = await signInAs(browser, 'alice', AGENT0, MFA)
    expect(page.text).toContain('Set up a second step')
    expect(page.text).not.toContain('data-passkey')
    expect(page.headers.get('content-security-policy')).not.toContain('script-src')
    const response = createAuthenticator(SITE).create({ challenge: 'x'.repeat(43) })
    expect((await send(browser, page, { step: 'new-passkey', response })).status).toBe(401)
  })

  test.each<[string, AnswerChange, string]>([
    ['another origin', { origin: 'https://evil.example' }, 'wrong-passkey'],
    ['another port', { origin: 'http://localhost:4001' }, 'wrong-passkey'],
    ['another host', { rpId: 'evil.example' }, 'wrong-passkey'],
    ['an answer of another type', { type: 'webauthn.get' }, 'wrong-passkey'],
    ['an unknown challenge', { challenge: 'A'.repeat(43) }, 'wrong-challenge'],
    ['an absent user', { present: false }, 'wrong-passkey'],
    ['a key of an algorithm that was not offered: RSA with SHA-1', { algorithm: -65_535 }, 'wrong-passkey'],
    ['a key of an algorithm that was not offered: ES512', { algorithm: -36 }, 'wrong-passkey'],
    ['a key of an algorithm that was not offered: ML-DSA-44', { algorithm: -48 }, 'wrong-passkey'],
  ])('refuses %s', async (_, change, reason) => {
    const world = await createSite()
    const browser = world.browse(SITE)
    const page = await signInAs(browser, 'alice', AGENT0, MFA, SITE)
    const key = createAuthenticator(SITE)
    const refused = await send(browser, page, create(page, key, change))
    expect([refused.status, refused.left]).toEqual([401, undefined])
    expect(failures(world)).toEqual([reason])
    expect(await world.secondFactors.listPasskeys('usr_alice')).toEqual([])
    expect((await send(browser, refused, create(refused, key))).left).toBeDefined()
  })

  test('refuses a registered passkey, even one of another user', async () => {
    const world = await createSite()
    const key = createAuthenticator(SITE)
    await enrol(world, key)
    const browser = world.browse(SITE)
    const page = await signInAs(browser, 'bob', PORTAL, MFA, SITE)
    expect((await send(browser, page, create(page, key))).status).toBe(401)
    expect(failures(world)).toEqual(['known-passkey'])
  })

  test('does not add another factor with only the password', async () => {
    const world = await createSite()
    const late = world.browse(SITE)
    const page = await signInAs(late, 'alice', AGENT0, MFA, SITE)
    await enrol(world, createAuthenticator(SITE))
    const refused = await send(late, page, create(page, createAuthenticator(SITE)))
    expect([refused.status, refused.left]).toEqual([403, undefined])
    expect(await world.secondFactors.listPasskeys('usr_alice')).toHaveLength(1)
  })
})

describe('an answer of a passkey', () => {
  let world: World
  let key: Authenticator
  let browser: Browser
  let page: Visited
  beforeEach(async () => {
    world = await createSite()
    key = createAuthenticator(SITE)
    await enrol(world, key)
    browser = world.browse(SITE)
    page = await signInAs(browser, 'alice', AGENT0, MFA, SITE)
  })

  test('signs in, and records the use', async () => {
    expect(readOptions(page, 'ask')).toMatchObject({ rpId: 'localhost', allowCredentials: [{ id: key.id }] })
    expect(page.text).not.toContain('name="code"')
    const back = await send(browser, page, get(page, key))
    expect(await claimsOf(world, back)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'hwk'] })
    const [passkey] = await world.secondFactors.listPasskeys('usr_alice')
    expect(passkey).toMatchObject({ counter: 2, lastUsedAt: expect.any(Number) })
  })

  test.each<[string, AnswerChange, string]>([
    ['another origin', { origin: 'https://evil.example' }, 'wrong-passkey'],
    ['the origin over https', { origin: 'https://localhost:4000' }, 'wrong-passkey'],
    ['another host', { rpId: 'evil.example' }, 'wrong-passkey'],
    ['an answer of another type', { type: 'webauthn.create' }, 'wrong-passkey'],
    ['an unknown challenge', { challenge: 'A'.repeat(43) }, 'wrong-challenge'],
    ['an absent user', { present: false }, 'wrong-passkey'],
    [
      'the signature of another key',
      { signedBy: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
      'wrong-passkey',
    ],
    ['a counter that does not increase', { counter: 1 }, 'counter-went-back'],
  ])('is refused for %s', async (_, change, reason) => {
    const refused = await send(browser, page, get(page, key, change))
    expect([refused.status, refused.left]).toEqual([401, undefined])
    expect(refused.text).toContain('This passkey was not accepted')
    expect(failures(world)).toEqual([reason])
    expect((await send(browser, refused, get(refused, key))).left).toBeDefined()
  })

  test.each([
    ['nothing', ''],
    ['no JSON', 'nonsense'],
    ['null', 'null'],
    ['not an object', '"text"'],
    ['an object without an answer', JSON.stringify({ id: 'x' })],
    ['half an answer', 'KNOWN'],
  ])('is refused if it is %s', async (_, response) => {
    const sent = response === 'KNOWN' ? JSON.stringify({ id: key.id }) : response
    expect((await send(browser, page, { step: 'passkey', response: sent })).status).toBe(401)
    expect(world.faults).toEqual([])
  })

  test('counts once, at the page that requested it, for the user it was requested from', async () => {
    const answer = get(page, key)
    const other = world.browse(SITE)
    const elsewhere = await signInAs(other, 'alice', AGENT0, MFA, SITE)
    expect((await send(other, elsewhere, answer)).status).toBe(401)
    expect((await send(browser, page, answer)).left).toBeDefined()
    expect(failures(world)).toEqual(['wrong-challenge'])
  })

  test('of a removed passkey does not sign in the user', async () => {
    const another = {
      ...{ id: 'another', publicKey: '', counter: 0, transports: [], synced: false },
      ...{ rpId: 'localhost', name: 'Another', createdAt: 0 },
    }
    await world.secondFactors.addPasskey('usr_alice', another, EVENT)
    await world.secondFactors.removePasskey('usr_alice', key.id, EVENT)
    expect((await send(browser, page, get(page, key))).status).toBe(401)
    expect(failures(world)).toEqual(['unknown-passkey'])
  })

  test('a passkey for another host is not requested; the page says who can help', async () => {
    const [passkey] = await world.secondFactors.listPasskeys('usr_alice')
    if (passkey === undefined) throw new Error('no passkey')
    await world.secondFactors.remove('usr_alice')
    await world.secondFactors.addPasskey('usr_alice', { ...passkey, rpId: 'old.acme.test' }, EVENT)
    const shown = await signInAs(world.browse(SITE), 'alice', AGENT0, MFA, SITE)
    expect(shown.text).toContain('made for another address')
    expect(shown.text).not.toContain('Set up a second step')
    expect((await send(browser, page, get(page, key))).status).toBe(401)
  })

  test('counts as a failed attempt, like a code', async () => {
    const strict = await createSite({ failedSignInsBeforeDelay: 1 })
    await enrol(strict, key)
    const own = strict.browse(SITE)
    const first = await signInAs(own, 'alice', AGENT0, MFA, SITE)
    const refused = await send(own, first, get(first, key, { counter: 1 }))
    const delayed = await send(own, refused, get(refused, key))
    expect([refused.status, delayed.status]).toEqual([401, 429])
  })
})

describe('own second factors', () => {
  /** Opens the page where Alice changes them. */
  async function open(world: World, key: Authenticator) {
    const browser = world.browse(SITE)
    const page = await signInAs(browser, 'alice', AGENT0, MFA, SITE)
    const shown = await send(browser, page, { ...get(page, key), then: 'manage' })
    expect([shown.status, shown.left]).toEqual([200, undefined])
    return { browser, page: shown }
  }

  test('several named passkeys: any of them signs in; all but the last can be removed', async () => {
    const world = await createSite()
    const [first, second] = [createAuthenticator(SITE), createAuthenticator(SITE)]
    await enrol(world, first)
    const { browser, page } = await open(world, first)
    expect(page.text).toContain('My key')
    expect(page.text).not.toContain('>Remove<')
    expect(readOptions(page, 'new').excludeCredentials).toMatchObject([{ id: first.id }])
    expect((await send(browser, page, { step: 'remove', id: first.id })).status).toBe(401)
    const added = await send(browser, page, create(page, second, {}, '  <b>Work\u0000 laptop</b> '))
    expect(added.text).toContain('&lt;b&gt;Work laptop&lt;/b&gt;')
    expect(added.text).toContain('aria-label="Remove My key"')
    const other = await open(world, second)
    const left = await send(other.browser, other.page, { step: 'remove', id: first.id })
    expect(left.text).not.toContain('My key')
    expect((await send(other.browser, left, { step: 'remove', id: second.id })).status).toBe(401)
    expect(world.events.filter(({ change }) => change !== undefined).map(({ type }) => type)).toEqual([
      'signin.factor_enrolled',
      'signin.factor_enrolled',
      'signin.factor_removed',
    ])
    const back = await send(other.browser, left, { step: 'done' })
    expect(await claimsOf(world, back)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'hwk'] })
  })

  test('an authenticator app in addition to a passkey', async () => {
    const world = await createSite()
    const key = createAuthenticator(SITE)
    await enrol(world, key)
    const { browser, page } = await open(world, key)
    const url = /href="([^"]*\?add=app)"/.exec(page.text)?.[1] ?? ''
    const shown = await browser.open(url)
    const secret = /<p class="key"><code>([A-Z2-7 ]+)</.exec(shown.text)?.[1]?.replaceAll(' ', '') ?? ''
    expect((await browser.submit(shown, { code: '000000' })).text).toContain('Wrong code.')
    const done = await browser.submit(shown, { code: new TOTP({ secret }).generate() })
    expect(done.text).toContain('Authenticator app')
    expect(done.text).not.toContain('?add=app')
    const next = await signInAs(world.browse(SITE), 'alice', AGENT0, MFA, SITE)
    expect(next.text).toContain('name="code"')
    expect(next.text).toContain('data-passkey="ask"')
  })

  test('can be changed only after passing the second factor in the same request', async () => {
    const world = await createSite()
    const [key, evil] = [createAuthenticator(SITE), createAuthenticator(SITE)]
    await enrol(world, key)
    const { page: theirs } = await open(world, key)
    const browser = world.browse(SITE)
    const page = await signInAs(browser, 'alice', AGENT0, MFA, SITE)
    expect((await send(browser, page, create(theirs, evil))).status).toBe(403)
    for (const fields of [{ step: 'remove', id: key.id }, { step: 'done' }])
      expect((await send(browser, page, fields)).status).toBe(401)
    expect(await world.secondFactors.listPasskeys('usr_alice')).toHaveLength(1)
    // Passing it once is not enough for the next visit.
    const own = await open(world, key)
    expect((await send(own.browser, own.page, { step: 'done' })).left).toBeDefined()
    const again = await own.browser.open(buildAuthorizationUrl(AGENT0, { ...MFA, prompt: 'login' }, SITE))
    expect(again.text).toContain('name="password"')
  })

  test(`include at most ${MAX_PASSKEYS} passkeys`, async () => {
    const world = await createSite()
    const key = createAuthenticator(SITE)
    await enrol(world, key)
    const [made] = await world.secondFactors.listPasskeys('usr_alice')
    if (made === undefined) throw new Error('no passkey')
    for (let count = 1; count < MAX_PASSKEYS - 1; count += 1)
      await world.secondFactors.addPasskey('usr_alice', { ...made, id: `key-${count}` }, EVENT)
    const [{ browser, page }, other] = [await open(world, key), await open(world, key)]
    const full = await send(browser, page, create(page, createAuthenticator(SITE)))
    expect(await world.secondFactors.listPasskeys('usr_alice')).toHaveLength(MAX_PASSKEYS)
    expect(full.text).not.toContain('data-passkey="new"')
    // A page that was opened before the last one was added still offers another.
    await send(other.browser, other.page, create(other.page, createAuthenticator(SITE)))
    expect(await world.secondFactors.listPasskeys('usr_alice')).toHaveLength(MAX_PASSKEYS)
    expect(failures(world)).toEqual(['too-many-passkeys'])
  })
})

describe('the script', () => {
  test('is the only one allowed, only on pages that need it, under a name derived from its content', async () => {
    const world = await createSite()
    const page = await signInAs(world.browse(SITE), 'alice', AGENT0, MFA, SITE)
    const [url = ''] = /http:\/\/localhost:4000\/sign-in\/passkeys\.[0-9a-f]{12}\.js/.exec(page.text) ?? []
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`script-src ${url};`)
    expect(policy).not.toContain('unsafe')
    const script = await world.signIn.fetch(new Request(url))
    expect(script.status).toBe(200)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(await script.text()).toContain('navigator.credentials')
    const other = await world.signIn.fetch(new Request(url.replace(/\.[0-9a-f]{12}/, '.000000000000')))
    expect(other.status).toBe(404)
  })
})
