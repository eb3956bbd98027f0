// Help with writing policies, over HTTP: the clauses, the problems of a draft, and the sentence that describes a policy.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

describe('drafts of policies', () => {
  let server: TestServer
  let admin: Admin
  beforeAll(async () => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
    admin = adminOf(server.baseUrl)
  })
  afterAll(() => server.stop())

  const draft = { id: 'p', when: { 'app.kind': 'agent' }, effect: 'deny' }

  it('lists every clause with a valid example value', async () => {
    const { body } = await admin('GET', '/policy-clauses')
    expect(body.items.length).toBeGreaterThan(10)
    for (const { name, example } of body.items) {
      const when = { [name.replace('NAME', 'team')]: JSON.parse(example) }
      const verdict = await admin('POST', '/policy-check', { body: { ...draft, when } })
      expect(verdict.body, name).toMatchObject({ sentence: expect.stringMatching(/^For /), problems: [] })
    }
  })

  it('lists the problems of a draft and their paths, without defining it', async () => {
    const verdict = await admin('POST', '/policy-check', {
      body: { ...draft, when: { 'app.knd': 'agent', 'time.within': ['always'] } },
    })
    expect(verdict.body).toMatchObject({
      sentence: null,
      problems: [{ path: '/when/app.knd', fix: 'did you mean `app.kind`?' }, { path: '/when/time.within/0' }],
    })
    const shape = await admin('POST', '/policy-check', { body: { ...draft, effect: 'limit' } })
    expect(shape.status).toBe(400)
    expect((await admin('GET', '/policies')).body.items).toEqual([])
  })

  it('finds what a valid draft cannot do as written, as lint does once it is defined', async () => {
    const typo = { ...draft, when: { app: 'agnt0' } }
    const verdict = await admin('POST', '/policy-check', { body: typo })
    const findings = [{ policy: 'p', severity: 'warning', path: '/when/app', fix: 'did you mean `agent0`?' }]
    expect(verdict.body).toMatchObject({ problems: [], findings })
    expect((await admin('POST', '/policy-check', { body: draft })).body.findings).toEqual([])
    const created = await admin('POST', '/policies', { body: typo })
    expect((await admin('GET', '/policy-lint')).body).toEqual({ policies: 1, items: verdict.body.findings })
    // Compared with the other policies, not with itself as it is defined.
    expect((await admin('POST', '/policy-check', { body: typo })).body).toEqual(verdict.body)
    const again = await admin('POST', '/policy-check', { body: { ...typo, id: 'q' } })
    expect(again.body.findings).toMatchObject([
      { path: '/when/app' },
      { fix: 'remove it, or narrow policy p' },
    ])
    expect((await admin('DELETE', '/policies/p', { ifMatch: created.etag })).status).toBe(204)
  })

  it('shows each policy with its generated sentence, which cannot be set', async () => {
    const sentence = 'For agents: denied'
    const created = await admin('POST', '/policies', { body: { ...draft, sentence: 'something else' } })
    expect(created).toMatchObject({ status: 201, body: { sentence } })
    expect((await admin('GET', '/policies')).body.items).toMatchObject([{ id: 'p', sentence }])
  })

  it('requires a role that may see policies', async () => {
    const { body } = await admin('POST', '/tokens', { body: { name: 'h', role: 'helpdesk' } })
    const as = (method: string, path: string, sent?: object) =>
      admin(method, path, { token: body.token, ...(sent === undefined ? {} : { body: sent }) })
    expect((await as('GET', '/policy-clauses')).status).toBe(403)
    expect((await as('POST', '/policy-check', draft)).status).toBe(403)
  })
})
