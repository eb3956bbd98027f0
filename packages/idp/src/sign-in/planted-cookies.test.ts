// A sibling host, such as a forgotten subdomain, can plant cookies in a user's browser, except those named `__Host-`.
// Planted cookies must not sign in a user in another browser, or as another user.
import { expect, test } from 'vitest'

import type { Browser, Visited } from './testing/browser.ts'
import { buildAuthorizationUrl, signInAs, toForm } from './testing/flow.ts'
import { createWorld, PASSWORDS, PORTAL } from './testing/world.ts'

const ORIGIN = 'https://idp.acme.test'
const ALICE = { username: 'alice', password: PASSWORDS.alice }

function plant(from: Browser, to: Browser): void {
  const cookies = to.cookies as Map<string, { value: string; path: string }>
  for (const [name, cookie] of from.cookies) if (!name.startsWith('__Host-')) cookies.set(name, cookie)
}

async function openBrowsers() {
  const world = await createWorld({ baseUrl: ORIGIN, loopback: false })
  const [attacker, user] = [world.browse(ORIGIN), world.browse(ORIGIN)]
  const page = await attacker.open(buildAuthorizationUrl(PORTAL, {}, ORIGIN))
  await user.open(buildAuthorizationUrl(PORTAL, {}, ORIGIN))
  return { world, attacker, user, page, resumeUrl: page.url.replace('/sign-in/', '/authorize/') }
}

const hasCode = ({ left }: Visited) => left?.searchParams.has('code') ?? false

test('a user who signs in on the page of another browser does not sign in its owner', async () => {
  const { attacker, user, page, resumeUrl } = await openBrowsers()
  plant(attacker, user)
  const refused = await user.submit(page, ALICE)
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('This sign-in has expired')])
  expect(hasCode(await attacker.open(resumeUrl))).toBe(false)
  const again = await attacker.open(buildAuthorizationUrl(PORTAL, {}, ORIGIN))
  expect(hasCode(await attacker.submit(again, ALICE))).toBe(true)
})

test('a user does not continue the sign-in of another browser as its owner', async () => {
  const { world, attacker, user, page, resumeUrl } = await openBrowsers()
  const cookie = [...attacker.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const headers = { cookie, origin: ORIGIN }
  const init = { method: 'POST', headers, body: toForm(ALICE) }
  expect((await world.signIn.fetch(new Request(page.url, init))).headers.get('location')).toBe(resumeUrl)
  plant(attacker, user)
  expect(hasCode(await user.open(resumeUrl))).toBe(false)
  expect(hasCode(await attacker.open(resumeUrl))).toBe(true)
})

test.each(['https://idp.acme.test', 'https://acme.test/idp'])(
  'the session of a user at %s is not replaced by another',
  async (baseUrl) => {
    const world = await createWorld({ baseUrl, loopback: false })
    const { origin } = new URL(baseUrl)
    const [attacker, user] = [world.browse(origin), world.browse(origin)]
    expect(hasCode(await signInAs(attacker, 'bob', PORTAL, {}, baseUrl))).toBe(true)
    plant(attacker, user)
    const asked = await user.open(buildAuthorizationUrl(PORTAL, { prompt: 'none' }, baseUrl))
    expect(asked.left?.searchParams.get('error')).toBe('login_required')
  },
)

test('a browser that restores two tabs at the same time signs in in both', async () => {
  const { attacker: first, user: second, page } = await openBrowsers()
  // The tabs share all cookies, but those of the library have the path of their page.
  const cookies = first.cookies as Map<string, { value: string; path: string }>
  for (const [name, cookie] of second.cookies) if (cookie.path === '/') cookies.set(name, cookie)
  expect(hasCode(await first.submit(page, ALICE))).toBe(true)
})

test('a browser continues its newest 20 requests, and no cookie of one that ended remains', async () => {
  const { attacker: browser } = await openBrowsers()
  const open = () => browser.open(buildAuthorizationUrl(PORTAL, {}, ORIGIN))
  const pending = () => [...browser.cookies.keys()].filter((name) => name.includes('pending'))
  for (let time = 0; time < 25; time += 1) await open()
  expect(pending()).toHaveLength(20)
  const last = await open()
  expect(pending()).toContain(`__Host-crosswalk_pending.${last.url.split('/').at(-1)}`)
  expect(hasCode(await browser.submit(last, ALICE))).toBe(true)
  expect(pending()).toHaveLength(19)
})
