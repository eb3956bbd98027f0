// Every button that breaks the flow, in the demo world, without JavaScript: who noticed, and why. And a real step-up: the user signs in
// accordingly, and the conversation continues.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type Browser,
  createBrowser,
  findFreeBase,
  type Page,
  startWorld,
  type World,
} from '@crosswalk/demo-world'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { JWT } from '../support/jwt-pattern.ts'

let folder = ''
let world: World
let browser: Browser
let home: Page
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-break-test-'))
  // Long enough for one flow on a busy machine, and short enough to wait for its end.
  world = await startWorld(await findFreeBase(), folder, { environment: {}, idTokenTtlSeconds: 3 })
  browser = createBrowser()
  home = await signIn('alice')
})
afterAll(async () => {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function signIn(username: 'alice' | 'bob'): Promise<Page> {
  const form = await browser.open(`${world.addresses.agent0}/signin`)
  return await browser.submit(form, { username, password: world.secrets.passwords[username] })
}

/** The report in the panel, as text. */
async function press(fault: string): Promise<string> {
  const page = await browser.submit(home, { fault })
  expect(page.status).toBe(200)
  expect(page.html).not.toMatch(JWT)
  const report = /<section class="report".*?<\/section>/s.exec(page.html)?.[0] ?? ''
  return report
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim()
}

const IDP = "acme's identity provider"
const VENDOR = "the todo vendor's authorization server"

describe('a button that breaks the flow', () => {
  it.each([
    ['replay', VENDOR, 'invalid_grant', 'XAA2209'],
    ['audience', IDP, 'invalid_target', 'XAA1302'],
    ['edited', VENDOR, 'invalid_grant', 'XAA2203'],
    ['client', VENDOR, 'invalid_grant', 'XAA2103'],
    ['scope', IDP, 'invalid_scope', 'XAA1602'],
    ['id-token', VENDOR, 'invalid_grant', 'XAA2201'],
    ['sibling', 'Todo0 itself', 'invalid_token', 'XAA3002'],
    ['step-up', IDP, 'insufficient_user_authentication', 'XAA1801'],
    ['stopped', IDP, 'access_denied', undefined],
    ['removed', IDP, 'access_denied', undefined],
  ])('%s: refused by %s with %s', async (fault, place, error, code) => {
    const report = await press(fault)
    expect(report).toMatch(/^refused /)
    expect(report).toContain(`refused by ${place} error ${error}`)
    if (code === undefined) expect(report).toContain('A policy of the organisation denies this')
    else expect(report).toContain(`code ${code}`)
  })

  it('expired: refused by the IdP once the ID token has expired, and not before', async () => {
    const report = await waitFor(
      () => press('expired'),
      (text) => {
        if (!text.startsWith('refused')) expect(text).toContain('No ID token has expired yet')
        return text.startsWith('refused')
      },
    )
    expect(report).toContain(`refused by ${IDP} error invalid_grant code XAA1202`)
  })

  it('leaves nothing behind: alice continues, renewed many times', async () => {
    const { body } = await browser.postJson(`${world.addresses.agent0}/api/chat`, {
      sentence: 'list my todos',
    })
    expect(body).toMatchObject({ answer: { kind: 'listed' } })
    const { html } = await browser.open(`${world.addresses.agent0}/`)
    expect(html).toMatch(/renewed (once|\d+ times)/)
  })

  it('proves nothing for bob, whose flow never worked', async () => {
    browser = createBrowser()
    home = await signIn('bob')
    expect(await press('replay')).toMatch(/^inconclusive .* Sign in as a user who may use Todo0/)
  })
})

// An administrator requires a second factor while Agent0 is working. Affects all later tests in this file.
describe('a step-up in the chat', () => {
  it('leads to the second factor, and keeps the conversation of a user who signs in again', async () => {
    const { agent0, idp } = world.addresses
    const login = { username: 'alice', password: world.secrets.passwords.alice }
    const visitor = createBrowser()
    await visitor.submit(await visitor.open(`${agent0}/signin`), login)
    const ask = (sentence: string) => visitor.postJson(`${agent0}/api/chat`, { sentence })
    expect((await ask('what are my notes')).body).toMatchObject({ answer: { kind: 'listed' } })

    const made = await fetch(`${idp}/admin/api/v1/policies`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.secrets.clients.ADMIN_TOKEN}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        id: 'mfa',
        when: { resourceApp: 'todo0' },
        effect: 'require',
        require: { acr: ['mfa'] },
      }),
    })
    expect(made.status).toBe(201)
    expect((await ask('list my todos')).body).toMatchObject({
      answer: { kind: 'refused', code: 'XAA1801', signInParameters: { acr_values: 'mfa' } },
    })
    const home = await visitor.open(`${agent0}/`)
    expect(home.html).toContain('href="/signin?acr_values=mfa"')
    const asked = await visitor.open(`${agent0}/signin?acr_values=mfa`)
    expect(asked.url.startsWith(idp)).toBe(true)
    const enrolment = await visitor.submit(asked, login)
    const secret = /\b[A-Z2-7]{26,}\b/.exec(
      enrolment.html.replaceAll(/(?<=[A-Z2-7]{4}) (?=[A-Z2-7]{4})/g, ''),
    )?.[0]
    const back = await visitor.submit(enrolment, { code: new TOTP({ secret: secret ?? '' }).generate() })

    // She is back in the conversation, and Agent0 continues.
    expect(back.url).toBe(`${agent0}/`)
    expect(back.html).toContain('You have 2 notes:')
    expect((await ask('list my todos')).body).toMatchObject({ answer: { kind: 'listed' } })
  })

  it('ignores invalid sign-in parameters', async () => {
    const { agent0 } = world.addresses
    const left = await fetch(`${agent0}/signin?acr_values=%22%3E&max_age=x&prompt=none&claims=%7B%7D`, {
      redirect: 'manual',
    })
    const { searchParams } = new URL(left.headers.get('location') ?? '')
    expect(['acr_values', 'max_age', 'claims'].filter((name) => searchParams.has(name))).toEqual([])
    expect(searchParams.get('prompt')).toBe('consent')
  })
})

async function waitFor<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read()
    if (done(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
