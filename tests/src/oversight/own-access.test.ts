// Users view and control their own access at the IdP, with plain HTML forms.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { exchange, postForm, basic, redeem, signInFor } from '../support/flow.ts'
import { openAs, readWords } from '../support/user-browser.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl) as {
        idp: Record<'apps' | 'resourceApps' | 'users', Record<string, unknown>[]> & { connections: object[] }
      }
      const owners = ['usr_carol', 'usr_grace']
      for (const app of file.idp.apps) Object.assign(app, { owners, purpose: 'Plans <sprints>' })
      file.idp.users.push({ id: 'usr_grace', username: 'grace', name: 'Grace Hopper' })
      // The connection to Todo0 is in the database, so that an approval can change it.
      file.idp.connections.shift()
      for (const resourceApp of file.idp.resourceApps) resourceApp.assignments = { everyone: true }
      return file as unknown as Record<string, unknown>
    },
  })
  admin = adminOf(server.baseUrl)
  const { status } = await admin('POST', '/connections', {
    body: {
      id: 'agent0-todo0',
      app: AGENT.id,
      resourceApp: 'todo0',
      clientId: AGENT_AT_VENDOR.id,
      resources: [TODO],
      scopes: ['todos.read'],
      assignments: { groups: ['engineering'] },
      status: 'active',
    },
  })
  expect(status).toBe(201)
})
afterAll(() => server.stop())

async function exchangeFor(username: string, scope = 'todos.read') {
  const { idToken } = await signInFor(server.baseUrl, username)
  return exchange(server.baseUrl, idToken, { resource: TODO, scope })
}

const STOP_NOTES = 'Stop acting for me (Agent0 at Notes0)'
const AGAIN_TODO = 'Allow again (Agent0 at Todo0)'
const STOP_TODO = 'Stop acting for me (Agent0 at Todo0)'

async function introspect(token: string): Promise<unknown> {
  const headers = { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) }
  return (await postForm(`${server.baseUrl}/as/vendor/introspect`, { token }, headers)).body.active
}

describe('acting for me', () => {
  it.each([
    ['/me', 'GET, HEAD, POST'],
    ['/me/requests', 'GET, HEAD, POST'],
    ['/me/ask', 'GET, HEAD'],
    ['/me/return', 'GET, HEAD'],
  ])('announces the allowed methods at %s', async (path, methods) => {
    const refused = await fetch(server.baseUrl + path, { method: 'PUT' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, methods])
  })

  it('sends users who are not signed in to sign in, and back', async () => {
    const answer = await fetch(`${server.baseUrl}/me/requests`, { redirect: 'manual' })
    const location = new URL(answer.headers.get('location') ?? '')
    expect([answer.status, location.pathname, location.searchParams.get('state')]).toEqual([
      303,
      '/authorize',
      '/me/requests',
    ])
    const browser = await openAs(server.baseUrl, 'alice', '/me/requests')
    expect((await browser.open('/me')).text).toContain('<strong>alice</strong>')
  })

  it('shows a user which apps act for them, since when and when last, and nothing about others', async () => {
    const alice = await openAs(server.baseUrl, 'alice')
    const before = await alice.open('/me')
    expect(readWords(before.text)).toContain(STOP_TODO)
    expect(readWords(before.text)).toContain(STOP_NOTES)
    expect(before.text).toMatch(/<dt>Used<\/dt>\s*<dd>never<\/dd>/)
    expect((await exchangeFor('alice')).status).toBe(200)
    const after = await alice.open('/me')
    expect(after.text).toMatch(/Last used[\s\S]*, once in all/)
    expect(after.text).toContain('got access to <strong>Todo0</strong> for you')
    const bob = await openAs(server.baseUrl, 'bob')
    const empty = (await bob.open('/me')).text
    expect(empty).toContain('No app can act for you.')
    expect(empty).not.toContain('Todo0')
  })

  it('names what an app is for, and the active users who are responsible for it', async () => {
    const alice = await openAs(server.baseUrl, 'alice')
    const readFact = async (name: string) =>
      new RegExp(`<dt>${name}</dt>\\s*<dd>([^<]*)</dd>`).exec((await alice.open('/me')).text)?.[1]
    expect(await readFact('Purpose')).toBe('Plans &lt;sprints&gt;')
    expect(await readFact('Responsible')).toBe('carol, Grace Hopper')
    const act = (verb: string) => admin('POST', `/users/usr_carol/${verb}`, { body: { reason: 'on leave' } })
    expect((await act('suspend')).status).toBe(200)
    expect(await readFact('Responsible')).toBe('Grace Hopper')
    expect((await act('resume')).status).toBe(200)
  })

  it('lets a user report activity once, which responders and owners of the app see', async () => {
    const granted = await exchangeFor('alice')
    const decision = String(granted.headers.get('crosswalk-decision'))
    const reports = async () =>
      (await admin('GET', '/recommendations?rule=activity-reported')).body.items as readonly object[]
    const alice = await openAs(server.baseUrl, 'alice')
    const page = await alice.open('/me')
    const report = (text: string, id = decision, browser = alice, from = page) =>
      browser.send(from, 'Send report', { decision: id, report: text })
    expect((await report(' ')).text).toContain('Enter what you did not expect.')
    expect((await report('Not me', 'dec_none')).text).toContain('Nothing changed')
    const denied = String((await exchangeFor('alice', 'todos.write')).headers.get('crosswalk-decision'))
    expect((await report('Not me', denied)).text).toContain('Nothing changed')
    const carol = await openAs(server.baseUrl, 'carol')
    await exchangeFor('carol')
    const stolen = await report('Not me', decision, carol, await carol.open('/me'))
    expect(stolen.text).toContain('Nothing changed')
    expect(await reports()).toEqual([])

    const sent = await report('I was <b>asleep</b>.')
    expect(sent.text).toContain('Report sent.')
    expect(readWords(sent.text)).toContain('You reported this on')
    expect((await report('Again')).text).toContain('You already reported this.')
    await expect.poll(reports, { timeout: 15_000, interval: 500 }).toMatchObject([
      {
        ...{ subject: { kind: 'decision', id: decision }, app: AGENT.id, severity: 'warning' },
        sentence: 'alice did not expect that Agent0 got access to Todo0 for them.',
        values: { report: 'I was <b>asleep</b>.' },
        action: { path: `/decisions/${decision}` },
      },
    ])
    expect((await admin('GET', '/audit-events?log=admin&type=activity.reported')).body.items).toMatchObject([
      {
        ...{
          severity: 'warning',
          reason: 'I was <b>asleep</b>.',
          target: { kind: 'decision', id: decision },
        },
        ...{ actor: { kind: 'user', id: 'usr_alice' }, delegation: { connection: 'agent0-todo0' } },
      },
    ])
    // A report stops nothing, and is no part of the decision.
    expect((await exchangeFor('alice')).status).toBe(200)
    expect((await admin('GET', `/decisions/${decision}`)).body.outcome).toBe('allow')
  })

  it('stops an app for this user immediately, and revokes live access', async () => {
    const carol = await openAs(server.baseUrl, 'carol')
    const grant = await exchangeFor('carol')
    const redeemed = await redeem(server.baseUrl, String(grant.body.access_token))
    const accessToken = String(redeemed.body.access_token)
    expect(await introspect(accessToken)).toBe(true)

    const stopped = await carol.send(await carol.open('/me'), STOP_TODO, { act: 'stop' })
    expect(stopped.text).toContain('Stopped. It gets no new access for you.')
    expect(stopped.text).toContain('Stopped by you')
    const refused = await exchangeFor('carol')
    expect([refused.status, refused.body.error]).toEqual([400, 'access_denied'])
    expect(await introspect(accessToken)).toBe(false)
    expect((await exchangeFor('alice')).status).toBe(200)

    const { body: blocks } = await admin('GET', '/blocks')
    expect(blocks.items).toMatchObject([
      { kind: 'connection', target: 'agent0-todo0', onlyFor: 'usr_carol', by: 'usr_carol', active: true },
    ])
    // The page of the connection lists what stops it for everyone.
    expect((await admin('GET', '/blocks?target=agent0-todo0')).body.items).toEqual([])
    const { body: events } = await admin('GET', '/audit-events?log=admin&type=block.set')
    expect(events.items[0]).toMatchObject({
      actor: { kind: 'user', id: 'usr_carol' },
      on_behalf_of: { user_ref: 'usr_carol' },
      source: { interface: 'pages' },
    })

    const again = await carol.send(stopped, AGAIN_TODO, { act: 'allow-again' })
    expect(again.text).toContain('It may act for you again.')
    expect((await exchangeFor('carol')).status).toBe(200)
  })

  it('names the day on which the last of several access grants ends', async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
    const grant = async (days: number, user = 'bob') => {
      const body = {
        ...{ connection: 'agent0-todo0', user, scopes: ['todos.read'], reason: 'sprint' },
        until: inDays(days),
      }
      return (await admin('POST', '/access-grants', { body })).body.id as string
    }
    const grants = [await grant(3), await grant(40), await grant(3, 'alice')]
    // Her group has access without a grant, too.
    const alice = await openAs(server.baseUrl, 'alice')
    expect((await alice.open('/me')).text).not.toContain('<dt>Ends</dt>')
    const bob = await openAs(server.baseUrl, 'bob')
    const endsIn = (days: number) =>
      new RegExp(`<dt>Ends</dt>\\s*<dd><time datetime="${inDays(days).slice(0, 10)}`)
    expect((await bob.open('/me')).text).toMatch(endsIn(40))
    const limit = async (expiresAt: string | null) =>
      (await admin('PATCH', '/connections/agent0-todo0', { body: { expiresAt }, ifMatch: '*' })).status
    expect(await limit(inDays(20))).toBe(200)
    expect((await bob.open('/me')).text).toMatch(endsIn(20))
    expect(await limit(null)).toBe(200)
    for (const id of grants)
      expect((await admin('POST', `/access-grants/${id}/revoke`, { body: { reason: 'over' } })).status).toBe(
        200,
      )
  })

  it('lets the user undo only their own stop, not that of an administrator', async () => {
    const { body: block } = await admin('POST', '/blocks', {
      body: { kind: 'connection', target: 'agent0-todo0', reason: 'being looked into' },
    })
    const alice = await openAs(server.baseUrl, 'alice')
    const seen = await alice.open('/me')
    expect(readWords(seen.text)).not.toContain(AGAIN_TODO)
    const tried = await alice.send(seen, STOP_NOTES, {
      act: 'allow-again',
      connection: 'agent0-todo0',
    })
    expect(tried.text).toContain('Nothing changed')
    expect((await exchangeFor('alice')).status).toBe(400)
    expect((await admin('DELETE', `/blocks/${block.id}`)).status).toBe(204)
  })

  it('lets a user stop only apps that can act for them', async () => {
    const alice = await openAs(server.baseUrl, 'alice')
    const seen = await alice.open('/me')
    const tried = await alice.send(seen, STOP_NOTES, { act: 'stop', connection: 'none' })
    expect(tried.text).toContain('Nothing changed')
    expect((await admin('GET', '/blocks')).body.items).not.toContainEqual(
      expect.objectContaining({ target: 'none' }),
    )
  })

  it('is closed to a blocked user, even if they are still signed in', async () => {
    const alice = await openAs(server.baseUrl, 'alice')
    const seen = await alice.open('/me')
    const { body: block } = await admin('POST', '/blocks', {
      body: { kind: 'user', target: 'usr_alice', reason: 'stolen' },
    })
    const tried = [await alice.open('/me'), await alice.send(seen, STOP_NOTES, { act: 'stop' })]
    expect(tried.map(({ url }) => new URL(url).pathname)).not.toContain('/me')
    expect((await admin('GET', '/blocks')).body.items).not.toContainEqual(
      expect.objectContaining({ onlyFor: 'usr_alice', active: true }),
    )
    expect((await admin('DELETE', `/blocks/${block.id}`)).status).toBe(204)
    expect((await alice.open('/me')).url).toBe(`${server.baseUrl}/me`)
  })

  it('accepts only forms of its own pages', async () => {
    const alice = await openAs(server.baseUrl, 'alice')
    const seen = await alice.open('/me')
    const key = /name="form_key" value="([^"]+)"/.exec(seen.text)?.[1] ?? ''
    const fields = { act: 'stop', connection: 'agent0-todo0', form_key: key }
    const post = (change: object, headers?: Record<string, string>) =>
      alice.post('/me', { ...fields, ...change }, headers)
    expect((await post({ form_key: '' })).status).toBe(403)
    expect((await post({ form_key: 'A'.repeat(key.length) })).status).toBe(403)
    expect((await post({}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({}, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
    const bob = await openAs(server.baseUrl, 'bob')
    expect((await bob.post('/me', fields)).status).toBe(403)
    expect((await exchangeFor('alice')).status).toBe(200)
    expect((await post({})).status).toBe(200)
    expect((await exchangeFor('alice')).status).toBe(400)
    await alice.send(await alice.open('/me'), AGAIN_TODO, { act: 'allow-again' })
  })
})

describe('the blocked page', () => {
  it('explains the denial plainly, accepts a request, and leads to access once approved', async () => {
    // The user requests only one of the two scopes.
    const refused = await exchangeFor('bob', 'todos.read todos.write')
    const decision = refused.headers.get('crosswalk-decision') ?? ''
    const path = `/me/blocked?decision=${decision}`
    const bob = await openAs(server.baseUrl, 'bob', path)
    const page = await bob.open(path)
    expect(page.text).toContain('Agent0 could not act for you')
    expect(page.text).toContain(decision)
    expect(page.text).toContain('Request access')
    expect(page.text).toMatch(/<dt>Who can help<\/dt>\s*<dd>carol, Grace Hopper<\/dd>/)
    expect(page.text).not.toMatch(/XAA1|engineering|agent0-todo0/)

    const empty = await bob.send(page, 'Request access', { scope: 'todos.read', reason: ' ' })
    expect(empty.text).toContain('Enter what you need it for')
    const asked = await bob.send(page, 'Request access', {
      scope: 'todos.read',
      reason: 'I plan the sprint <b>',
    })
    expect(asked.text).toContain('Request sent')
    expect(asked.text).toContain('I plan the sprint &lt;b&gt;')
    const twice = await bob.send(page, 'Request access', { scope: 'todos.read', reason: 'again' })
    expect(twice.text).toContain('You already requested this')
    expect((await bob.open(path)).text).toContain('It is pending')

    const { body } = await admin('GET', '/access-requests?state=open')
    expect(body.items).toMatchObject([{ user: 'usr_bob', askedBy: 'usr_bob', scopes: ['todos.read'] }])
    const comment = (text: string) =>
      admin('POST', `/access-requests/${body.items[0].id}/comments`, { body: { text } })
    expect((await bob.open('/me/requests')).text).not.toContain('Your answer')
    expect((await comment('For <i>which</i> team?')).status).toBe(200)
    const asking = await bob.open('/me/requests')
    expect(asking.text).toContain('For &lt;i&gt;which&lt;/i&gt; team? (an administrator, ')
    expect((await bob.send(asking, 'Send answer', { answer: ' ' })).text).toContain('Enter an answer.')
    const answered = await bob.send(asking, 'Send answer', { answer: 'For <sales>.' })
    expect(answered.text).toContain('Answer sent.')
    expect(answered.text).toContain('For &lt;sales&gt;. (')
    expect(answered.text).not.toContain('Send answer')
    // A second answer needs another question.
    expect((await bob.send(asking, 'Send answer', { answer: 'more' })).text).toContain('Nothing changed')
    expect((await admin('GET', '/access-requests?state=open')).body.items[0].comments).toMatchObject([
      { text: 'For <i>which</i> team?' },
      { by: 'usr_bob', text: 'For <sales>.' },
    ])
    await admin('POST', `/access-requests/${body.items[0].id}/approve`, {
      body: { reason: 'for the sprint' },
    })
    const requests = (await bob.open('/me/requests')).text
    expect(requests).toContain('Approved')
    expect(requests).toContain('for the sprint')
    expect((await bob.open(path)).text).toContain('This is allowed now')
    expect((await bob.open('/me')).text).toContain('at your request')
    expect((await exchangeFor('bob')).status).toBe(200)
  })

  it('offers all scopes of the connection if the app named none', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'bob')
    const refused = await exchange(server.baseUrl, idToken, { resource: NOTES })
    const bob = await openAs(server.baseUrl, 'bob')
    const page = await bob.open(`/me/blocked?decision=${refused.headers.get('crosswalk-decision')}`)
    expect([refused.status, readWords(page.text)]).toEqual([400, expect.stringContaining('notes.read')])
  })

  it('revokes a pending request, once', async () => {
    const refused = await exchangeFor('alice', 'todos.write')
    const path = `/me/blocked?decision=${refused.headers.get('crosswalk-decision')}`
    const alice = await openAs(server.baseUrl, 'alice', path)
    const fields = { scope: 'todos.write', reason: 'to tidy up' }
    const asked = await alice.send(await alice.open(path), 'Request access', fields)
    // Neither seen nor canceled by another user
    const bob = await openAs(server.baseUrl, 'bob')
    const theirs = (await bob.open('/me/requests')).text
    expect(theirs).not.toContain('to tidy up')
    const [open] = (await admin('GET', '/access-requests?state=open')).body.items
    const key = /name="form_key" value="([^"]+)"/.exec((await bob.open('/me')).text)?.[1] ?? ''
    const tried = await bob.post('/me/requests', { form_key: key, request: open.id })
    expect(tried.text).toContain('Nothing changed')
    const question = { body: { text: 'Which ones?' } }
    expect((await admin('POST', `/access-requests/${open.id}/comments`, question)).status).toBe(200)
    const answered = await bob.post('/me/requests', { form_key: key, request: open.id, answer: 'all' })
    expect(answered.text).toContain('Nothing changed')
    const canceled = await alice.send(asked, 'Cancel request')
    expect(canceled.text).toContain('Request canceled.')
    expect((await alice.send(asked, 'Cancel request')).text).toContain('Nothing changed')
    const { body } = await admin('GET', '/access-requests?state=canceled')
    expect(body.items).toHaveLength(1)
    const answer = await admin('POST', `/access-requests/${body.items[0].id}/approve`)
    expect(answer.status).toBe(409)
  })

  it('is linked in the response to the app, and shows the last denial of that app', async () => {
    const refused = await exchangeFor('bob', 'todos.write')
    const uri = new URL(String(refused.body.error_uri))
    expect(`${uri.origin}${uri.pathname}`).toBe(`${server.baseUrl}/me/ask`)
    // Only what the app itself sent.
    expect([...uri.searchParams]).toEqual([
      ['app', AGENT.id],
      ['resource', TODO],
    ])
    const bob = await openAs(server.baseUrl, 'bob')
    const decision = refused.headers.get('crosswalk-decision')
    expect((await bob.open(`${uri.pathname}${uri.search}`)).url).toBe(
      `${server.baseUrl}/me/blocked?decision=${decision}`,
    )
    expect((await bob.open(`/me/ask?app=${AGENT.id}`)).url).toContain(`decision=${decision}`)
    for (const path of [
      '/me/ask',
      '/me/ask?app=other',
      `/me/ask?app=${AGENT.id}&resource=https://other.test`,
    ])
      expect((await bob.open(path)).status).toBe(404)
    expect((await bob.post('/me/ask', {})).status).toBe(405)
    const { body } = await admin('GET', `/decisions/${decision}`)
    expect(body.wire.error_uri).toBe(uri.href)
    const carol = await openAs(server.baseUrl, 'carol')
    expect((await carol.open(`/me/ask?app=${AGENT.id}&resource=https://other.test`)).status).toBe(404)
    expect((await carol.open(`${uri.pathname}${uri.search}`)).url).not.toContain(decision)
  })

  it('is linked only if requesting access may help', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'bob')
    const ask = async (change: Record<string, string>) =>
      (await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read', ...change })).body
    expect(await ask({ scope: 'todos.write' })).toHaveProperty('error_uri')
    for (const [error, change] of [
      ['invalid_target', { resource: 'https://other.test' }],
      ['invalid_grant', { subject_token: 'none' }],
      ['invalid_scope', { scope: 'a"b' }],
    ] as const) {
      const body = await ask(change)
      expect(body).toMatchObject({ error })
      expect(body).not.toHaveProperty('error_uri')
    }
  })

  it('treats a denial of another user, and a decision that allowed, as missing', async () => {
    const refused = await exchangeFor('bob', 'todos.write')
    const decision = refused.headers.get('crosswalk-decision') ?? ''
    const carol = await openAs(server.baseUrl, 'carol')
    const allowed = (await exchangeFor('carol')).headers.get('crosswalk-decision') ?? ''
    expect((await carol.open(`/me/blocked?decision=${allowed}`)).status).toBe(404)
    const others = await carol.open(`/me/blocked?decision=${decision}`)
    const none = await carol.open(`/me/blocked?decision=${'x'.repeat(decision.length)}`)
    expect([others.status, none.status]).toEqual([404, 404])
    const bare = (text: string) =>
      text.replaceAll(/(decision(=|%3D))[\w-]+|code_challenge=[\w-]+|<code>[\w-]+/g, '')
    expect(bare(others.text)).toBe(bare(none.text))
  })
})

it('lets a user have twenty open requests, and another one only after one is canceled', async () => {
  const numbers = Array.from({ length: 21 }, (_, at) => at)
  const placeOf = (at: number) => `https://api.test/${at}`
  const busy = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl) as { idp: Record<'resourceApps' | 'connections', object[]> }
      const { idp } = file
      const [resourceApp, connection] = [idp.resourceApps[0], idp.connections[0]]
      const about = { assignments: { everyone: true } }
      for (const at of numbers) {
        const resources = [{ id: placeOf(at), scopes: ['todos.read'] }]
        idp.resourceApps.push({ ...resourceApp, ...about, id: `app${at}`, name: `App ${at}`, resources })
        const scopes = { resources: [placeOf(at)], scopes: ['todos.read'] }
        idp.connections.push({ ...connection, id: `agent0-app${at}`, resourceApp: `app${at}`, ...scopes })
      }
      return file as unknown as Record<string, unknown>
    },
  })
  const { idToken } = await signInFor(busy.baseUrl, 'bob')
  const bob = await openAs(busy.baseUrl, 'bob')
  const ask = async (at: number) => {
    const refused = await exchange(busy.baseUrl, idToken, { resource: placeOf(at), scope: 'todos.read' })
    const page = await bob.open(`/me/blocked?decision=${refused.headers.get('crosswalk-decision')}`)
    const asked = await bob.send(page, 'Request access', { scope: 'todos.read', reason: 'needed' })
    return { asked, words: readWords(asked.text) }
  }
  const answers = []
  for (const at of numbers.slice(0, 20)) answers.push((await ask(at)).words)
  expect(answers.filter((words) => words.includes('Request sent'))).toHaveLength(20)
  expect((await ask(20)).words).toContain('You have too many open requests.')
  const open = async () =>
    (await adminOf(busy.baseUrl)('GET', '/access-requests?state=open&limit=100')).body.items.length
  expect(await open()).toBe(20)
  await bob.send(await bob.open('/me/requests'), 'Cancel request')
  expect((await ask(20)).words).toContain('Request sent')
  expect(await open()).toBe(20)
  await busy.stop()
})

describe('a user who makes many changes', () => {
  const MINUTE_MS = 60_000
  let later = 0
  let busy: TestServer
  beforeAll(async () => {
    const clock = { nowMs: () => Date.now() + later }
    const file = (baseUrl: string) => {
      const world = company(baseUrl) as { idp: { resourceApps: Record<string, unknown>[] } }
      for (const resourceApp of world.idp.resourceApps) resourceApp.assignments = { everyone: true }
      return world as unknown as Record<string, unknown>
    }
    busy = await startTestServer({ clock, file })
  })
  afterAll(() => busy.stop())

  const open = async (username: string, path?: string) => {
    const browser = await openAs(busy.baseUrl, username, path)
    const key = /name="form_key" value="([^"]+)"/.exec((await browser.open(path ?? '/me')).text)?.[1] ?? ''
    return (to: string, fields: Record<string, string>) => browser.post(to, { form_key: key, ...fields })
  }

  it('can make sixty in a minute, and so can others', async () => {
    const [alice, carol] = [await open('alice'), await open('carol')]
    const change = (post: typeof alice, act: string) => post('/me', { act, connection: 'agent0-todo0' })
    const seen = []
    for (let at = 0; at < 60; at += 1) seen.push((await change(alice, 'stop')).text)
    expect(seen.filter((text) => text.includes('Stopped. It gets no new access for you.'))).toHaveLength(60)
    expect((await change(alice, 'allow-again')).text).toContain('too many changes at once')
    expect((await change(carol, 'stop')).text).toContain('Stopped. It gets no new access for you.')
    later += MINUTE_MS
    expect((await change(alice, 'allow-again')).text).toContain('It may act for you again.')
  })

  it('can report twenty decisions in a day', async () => {
    let [carol, { idToken }] = [await open('carol'), await signInFor(busy.baseUrl, 'carol')]
    const report = async () => {
      const granted = await exchange(busy.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
      const decision = granted.headers.get('crosswalk-decision') ?? ''
      return (await carol('/me', { decision, report: 'Not me' })).text
    }
    await carol('/me', { act: 'allow-again', connection: 'agent0-todo0' })
    const seen = []
    for (let at = 0; at < 20; at += 1) seen.push(await report())
    expect(seen.filter((text) => text.includes('Report sent.'))).toHaveLength(20)
    expect(await report()).toContain('You have sent too many reports today.')
    later += 24 * 60 * MINUTE_MS
    ;[carol, { idToken }] = [await open('carol'), await signInFor(busy.baseUrl, 'carol')]
    expect(await report()).toContain('Report sent.')
  })

  it('can open fifty requests in a day, even if all are canceled', async () => {
    const { idToken } = await signInFor(busy.baseUrl, 'bob')
    const refused = await exchange(busy.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
    const decision = refused.headers.get('crosswalk-decision') ?? ''
    const openBob = () => open('bob', `/me/blocked?decision=${decision}`)
    const bob = await openBob()
    const ask = (post = bob) => post('/me/blocked', { decision, scope: 'todos.read', reason: 'needed' })
    for (let at = 0; at < 50; at += 1) {
      if (at === 25) later += MINUTE_MS
      const { text } = await ask()
      const request = /name="request" value="([^"]+)"/.exec(text)?.[1] ?? ''
      expect((await bob('/me/requests', { request })).text).toContain('Request canceled.')
    }
    expect((await ask()).text).toContain('You have requested too much today.')
    later += 24 * 60 * MINUTE_MS
    expect((await ask(await openBob())).text).toContain('Request sent')
  })
})

describe('a request that an approval rule approves', () => {
  it('says so before, gives access at once, and shows no text of the rule', async () => {
    const when = { resourceApps: ['todo0'], maxRisk: 3, maxDays: 7 }
    const rule = { id: 'short', description: 'internal reason', effect: 'approve', when }
    const { etag } = await admin('POST', '/approval-rules', { body: rule })
    const refused = await exchangeFor('carol', 'todos.write')
    const path = `/me/blocked?decision=${refused.headers.get('crosswalk-decision')}`
    const carol = await openAs(server.baseUrl, 'carol', path)
    const page = await carol.open(path)
    const words = readWords(page.text)
    expect(words).toContain('7 days (approved at once)')
    expect(words).not.toContain('30 days (approved at once)')
    const send = (days: string) =>
      carol.send(page, 'Request access', { scope: 'todos.write', days, reason: 'sprint' })
    for (const days of ['8', 'x', '0']) expect((await send(days)).text).not.toContain('Request sent')
    const sent = readWords((await send('7')).text)
    expect(sent).toContain('by an approval rule')
    expect(sent).not.toMatch(/short|internal reason|automatically/)
    expect((await exchangeFor('carol', 'todos.write')).body.scope).toBe('todos.write')
    expect((await admin('DELETE', '/approval-rules/short', { ifMatch: etag })).status).toBe(204)
  })
})
