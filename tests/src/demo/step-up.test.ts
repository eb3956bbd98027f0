// An administrator asks for a second factor while Agent0 is at work: the chat says so, its link leads to a sign-in that asks
// for one, and the conversation goes on where it was.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createBrowser, findFreeBase, startWorld, type World } from '@crosswalk/demo-world'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder = ''
let world: World
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-step-up-test-'))
  world = await startWorld(await findFreeBase(), folder, { environment: {} })
})
afterAll(async () => {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('leads to the second factor, and keeps the conversation of a person who signs in again', async () => {
  const { agent0, idp } = world.addresses
  const login = { username: 'alice', password: world.secrets.passwords.alice }
  const browser = createBrowser()
  await browser.submit(await browser.open(`${agent0}/signin`), login)
  const ask = (sentence: string) => browser.postJson(`${agent0}/api/chat`, { sentence })
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
  const home = await browser.open(`${agent0}/`)
  expect(home.html).toContain('href="/signin?acr_values=mfa"')
  const asked = await browser.open(`${agent0}/signin?acr_values=mfa`)
  expect(asked.url.startsWith(idp)).toBe(true)
  const enrolment = await browser.submit(asked, login)
  const secret = /\b[A-Z2-7]{26,}\b/.exec(
    enrolment.html.replaceAll(/(?<=[A-Z2-7]{4}) (?=[A-Z2-7]{4})/g, ''),
  )?.[0]
  const back = await browser.submit(enrolment, { code: new TOTP({ secret: secret ?? '' }).generate() })

  // She is back where she was, and Agent0 may go on.
  expect(back.url).toBe(`${agent0}/`)
  expect(back.html).toContain('You have 2 notes:')
  expect((await ask('list my todos')).body).toMatchObject({ answer: { kind: 'listed' } })
})

it('takes no parameter for the sign-in that is none', async () => {
  const { agent0 } = world.addresses
  const left = await fetch(`${agent0}/signin?acr_values=%22%3E&max_age=x&prompt=none&claims=%7B%7D`, {
    redirect: 'manual',
  })
  const { searchParams } = new URL(left.headers.get('location') ?? '')
  expect(['acr_values', 'max_age', 'claims'].filter((name) => searchParams.has(name))).toEqual([])
  expect(searchParams.get('prompt')).toBe('consent')
})
