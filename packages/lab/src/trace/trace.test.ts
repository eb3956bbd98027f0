// What goes into a trace and what never does, and which files are read as one.
import { parseStrictJson } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { redactRequest, redactResponse } from '../flow/redact.ts'
import { compareTraces } from './compare-traces.ts'
import { createTraceRedactor } from './redact-trace.ts'
import { MAX_TRACE_BYTES, parseTrace } from './read-trace.ts'
import { fromTrace, TRACE_SCHEMA } from './trace-document.ts'
import type { RecordedRun } from './recorded-run.ts'
import { writeTrace } from './write-trace.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const SIGNATURE = 'c2lnbmF0dXJlIG9mIHRoZSBpZGVudGl0eSBwcm92aWRlcg'
const ID_TOKEN = `${encode({ alg: 'ES256' })}.${encode({ sub: 'usr_alice', email: 'alice@acme.test' })}.${SIGNATURE}`
const OPAQUE = 'opaque+access/token of the other side'
const PASSWORD = "alice's own & secret word"
const CLIENT_SECRET = 'the secret of the app'
const SECRETS = [ID_TOKEN, SIGNATURE, OPAQUE, PASSWORD]

const request = {
  method: 'POST',
  url: 'https://idp.example/token?login_hint=alice%40acme.test&next=alice%2540acme.test&code=a-code-that-came-back',
  headers: {
    authorization: `Basic ${btoa(`agent0:${CLIENT_SECRET}`)}`,
    'mcp-session-id': 'a session that a user could take over',
  },
  form: new URLSearchParams({ subject_token: ID_TOKEN, client_secret: CLIENT_SECRET, scope: 'todos.read' }),
} as const

/** A run with every secret in every place where a server or a user could have put it. */
const STORY: RecordedRun = {
  number: 3,
  atMs: Date.UTC(2026, 2, 2, 10),
  username: 'Alice@Acme.test',
  parties: [['App, at the IdP', 'agent0 (by its secret)']],
  isOver: true,
  steps: {
    exchange: {
      outcome: 'done',
      ms: 41,
      told: [`alice@acme.test signed in; ${PASSWORD}, ${OPAQUE}.`, `An echo: Bearer ${OPAQUE.slice(0, 19)}`],
      tables: [
        { caption: 'What was said', head: ['a'], rows: [[ID_TOKEN, { words: encodeURIComponent(OPAQUE) }]] },
      ],
      checks: [{ id: 'J04', title: 'audience', subject: ID_TOKEN, result: 'pass', saw: 'alice@acme.test' }],
      token: {
        kind: 'id-jag',
        header: { alg: 'ES256', typ: 'oauth-id-jag+jwt' },
        claims: { email: 'alice@acme.test', act: { assertion: 'nested', token: ID_TOKEN }, exp: 1772445900 },
      },
      decisionId: 'dec_1',
      sent: [
        {
          request: redactRequest(request),
          response: redactResponse({
            request,
            status: 200,
            headers: {
              'www-authenticate': 'Bearer resource_metadata="https://api.example/"',
              location: 'https://app.example/callback?code=a-code-that-came-back&state=s',
            },
            cookies: [],
            text: '',
            json: { access_token: OPAQUE, note: [`${OPAQUE} of alice@acme.test`], 'alice@acme.test': true },
            ms: 40,
          }),
          ms: 40,
        },
      ],
    },
  },
}

const write = (story: RecordedRun = STORY, salt = 'salt one', secrets: readonly string[] = SECRETS): string =>
  writeTrace(story, { salt, secrets, nowMs: Date.UTC(2026, 2, 2, 10, 1) })

describe('writing', () => {
  it.each([
    ['the signature of a token', SIGNATURE],
    ['a token', ID_TOKEN.slice(0, 60)],
    ['an opaque token', OPAQUE],
    ['a URL-encoded opaque token', encodeURIComponent(OPAQUE)],
    ['a password', PASSWORD],
    ['a client secret', CLIENT_SECRET],
    ['a client secret as it is sent', btoa(`agent0:${CLIENT_SECRET}`)],
    ['a code', 'a-code-that-came-back'],
    ['a session', 'a session that a user'],
    ['an e-mail address', 'alice@acme.test'],
    ['an e-mail address in a URL', 'alice%40acme.test'],
    ['an e-mail address in a URL within a URL', 'alice%2540acme.test'],
    ['the salt', 'salt one'],
  ])('removes %s', (_, secret) => {
    expect(write().toLowerCase()).not.toContain(secret.toLowerCase())
  })

  it.each(['the secrets of no process', 'the secrets of this one'])(
    'removes tokens and addresses by their pattern, without and with %s',
    (which) => {
      const text = write(STORY, 'salt', which === 'the secrets of this one' ? SECRETS : [])
      expect(text).not.toMatch(/eyJ|@acme|a-code-that/)
    },
  )

  it.each([
    'usr_alice',
    'dec_1',
    'todos.read',
    'oauth-id-jag+jwt',
    'agent0 (by its secret)',
    '1772445900',
    'Bearer resource_metadata=',
  ])('keeps %s', (text) => {
    expect(write({ ...STORY, username: 'usr_alice' })).toContain(text)
  })

  it('gives a user the same pseudonym within a file, and another one in the next', () => {
    const users = (text: string) => new Set(text.match(/user-[0-9a-f]{12}/g))
    expect(users(write()).size).toBe(1)
    expect(users(write(STORY, 'salt two'))).not.toEqual(users(write()))
    expect(users(write({ ...STORY, username: 'bob@acme.test' })).size).toBe(2)
  })

  it('recognizes a token when it is sent again', () => {
    const exchange = redactRequest(request)
    const again = redactRequest({ ...request, form: new URLSearchParams({ assertion: ID_TOKEN }) })
    expect(exchange.params['subject_token']).toBe(again.params['assertion'])
    expect(exchange.params['subject_token']).not.toBe(exchange.params['client_secret'])
  })

  it('writes nothing rather than a secret that was missed', () => {
    expect(() => write(STORY, 'salt', ['1772445900'])).toThrow('it would have contained a secret')
  })

  it.each(['secret', 'password', 'requesting_app', '12345'])(
    'does not mistake words of the file for secrets if a user has %s as one',
    (secret) => {
      expect(parseTrace(write(STORY, 'salt', [...SECRETS, secret])).accepted).toBe(true)
    },
  )

  it('is not slowed down by a text that looks like the start of every pattern', () => {
    const redact = createTraceRedactor({ salt: 'salt', secrets: [] })
    for (const text of [
      'eyJ'.repeat(80_000),
      'a'.repeat(250_000),
      'a.'.repeat(120_000),
      `a${'://'.repeat(80_000)}`,
    ])
      expect(redact(text)).toBe(text)
  })
})

describe('reading', () => {
  const document = () => JSON.parse(write()) as Record<string, unknown> & { steps: Record<string, unknown>[] }
  const refusal = (text: string): string => {
    const parsed = parseTrace(text)
    return parsed.accepted ? 'accepted' : parsed.refusal
  }
  const changed = (change: Record<string, unknown>): string =>
    refusal(JSON.stringify({ ...document(), ...change }))
  const withStep = (change: Record<string, unknown>): string =>
    changed({ steps: document().steps.map((step) => ({ ...step, ...change })) })

  it('accepts what was written, and restores the run', () => {
    const parsed = parseTrace(write())
    if (!parsed.accepted) throw new Error(parsed.refusal)
    const { steps, ...story } = fromTrace(parsed.value)
    expect(story).toMatchObject({ number: 3, atMs: STORY.atMs, isOver: true, parties: STORY.parties })
    expect(steps.exchange).toMatchObject({
      outcome: 'done',
      ms: 41,
      decisionId: 'dec_1',
      token: { kind: 'id-jag' },
    })
    expect(steps.exchange?.sent[0]?.request.params['scope']).toBe('todos.read')
  })

  it("accepts bodies of any depth, stored as text beyond the readers' limit", () => {
    const deep = (levels: number): unknown => (levels === 0 ? ['alice@acme.test'] : { it: deep(levels - 1) })
    const [sent] = STORY.steps.exchange?.sent ?? []
    if (STORY.steps.exchange === undefined || sent === undefined) throw new Error('nothing was sent')
    const exchange = {
      ...STORY.steps.exchange,
      sent: [{ ...sent, request: { ...sent.request, json: deep(40) } }],
    }
    const text = write({ ...STORY, steps: { exchange } })
    expect(refusal(text)).toBe('accepted')
    expect(text).not.toContain('alice@')
  })

  it.each([
    ['no JSON', 'not a trace', 'the file is not JSON'],
    ['nothing', '', 'the file is not JSON'],
    ['an image', '\u{fffd}PNG', 'the file is not JSON'],
    ['a text', '"xaa.trace/v1"', 'the file is not a trace: its schema is missing, not xaa.trace/v1'],
    ['another document', '{"schema":"crosswalk.faults/v1"}', 'its schema is "crosswalk.faults/v1", not'],
    ['a newer trace', '{"schema":"xaa.trace/v2"}', 'its schema is "xaa.trace/v2", not xaa.trace/v1'],
    ['two schemas', `{"schema":"${TRACE_SCHEMA}","schema":"${TRACE_SCHEMA}"}`, 'has a repeated member'],
    [
      'depths',
      `{"schema":"${TRACE_SCHEMA}","run":${'['.repeat(30)}${']'.repeat(30)}}`,
      'its JSON nests too deep',
    ],
    ['only a schema', `{"schema":"${TRACE_SCHEMA}"}`, 'the trace is not well formed at written_at'],
  ])('refuses %s', (_, text, sentence) => {
    expect(refusal(text)).toContain(sentence)
  })

  it.each([
    ['an unknown member', () => changed({ html: '<b>' }), 'at the top: Unrecognized key: "html"'],
    ['an unknown step', () => withStep({ step: 'teleport' }), 'at steps.0.step'],
    [
      'a step twice',
      () => changed({ steps: [...document().steps, ...document().steps] }),
      'a step is repeated',
    ],
    [
      'an unknown kind of token',
      () => withStep({ token: { kind: 'x', header: {} } }),
      'at steps.0.token.kind',
    ],
    [
      'a request without a URL',
      () =>
        withStep({
          exchanges: [
            {
              request: { method: 'GET', url: '/', headers: {}, params: {} },
              response: { headers: {}, body: '' },
              ms: 1,
            },
          ],
        }),
      'at steps.0.exchanges.0.request.url: this is not a URL',
    ],
    ['no change at all', () => changed({}), 'accepted'],
  ])('refuses %s, and names the place', (_, read, sentence) => {
    expect(read()).toContain(sentence)
  })

  it('accepts a trace of the maximum size, and not one byte more', () => {
    const room = MAX_TRACE_BYTES - Buffer.byteLength(write())
    expect(refusal(write() + ' '.repeat(room))).toBe('accepted')
    expect(refusal(write() + ' '.repeat(room + 1))).toBe(
      `the file has ${MAX_TRACE_BYTES + 1} bytes, and a trace has at most ${MAX_TRACE_BYTES}`,
    )
    expect(parseStrictJson(write()).accepted).toBe(true)
  })
})

describe('hiding names', () => {
  const hide = (names: readonly string[]): string =>
    JSON.stringify(createTraceRedactor({ salt: 'salt', secrets: [], names })(JSON.parse(write())))

  it('replaces them everywhere and in any case, and the trace stays readable', () => {
    const text = hide(['idp.example', 'AGENT0', 'todos.read'])
    expect(text).not.toMatch(/idp\.example|agent0|todos\.read/i)
    expect(text).toMatch(/https:\/\/redacted-[0-9a-f]{12}\/token/)
    expect(parseTrace(text).accepted).toBe(true)
  })

  it('hides the longer of two names, the same by the same placeholder, and no pattern', () => {
    const both = hide(['example', 'idp.example'])
    expect(both).toMatch(/https:\/\/redacted-[0-9a-f]{12}\/token/)
    expect(new Set(hide(['idp.example']).match(/redacted-[0-9a-f]{12}/g)).size).toBe(1)
    expect(hide(['idp.xample', 'a.*t0'])).not.toContain('redacted-')
  })
})

describe('comparing', () => {
  const read = (text: string) => {
    const parsed = parseTrace(text)
    if (!parsed.accepted) throw new Error(parsed.refusal)
    return parsed.value
  }
  const { exchange } = STORY.steps
  if (exchange === undefined) throw new Error('nothing was exchanged')
  const compare = (change: Partial<typeof exchange>) =>
    compareTraces(
      read(write()),
      read(write({ ...STORY, steps: { exchange: { ...exchange, ...change } } }, 'salt two')),
    )

  it('finds no difference between two runs with different times, ids and pseudonyms', () => {
    const claims = { ...exchange.token?.claims, exp: 1 }
    expect(
      compare({
        ms: 1,
        decisionId: 'dec_2',
        token: { kind: 'id-jag', header: exchange.token?.header ?? {}, claims },
      }),
    ).toEqual([])
  })

  it('finds another outcome, check, claim and parameter', () => {
    const [sent] = exchange.sent
    if (sent === undefined) throw new Error('nothing was sent')
    const { request: before } = sent
    const found = compare({
      outcome: 'refused',
      checks: [{ id: 'J04', title: 'audience', subject: 'x', result: 'fail' }],
      refusal: { code: 'XAA1602', confidence: 'high', status: 400, error: undefined },
      token: {
        kind: 'id-jag',
        header: exchange.token?.header ?? {},
        claims: { email: 'alice@acme.test', aud: 'a' },
      },
      sent: [{ ...sent, request: { ...before, params: { ...before.params, scope: 'todos.write' } } }],
    })
    expect(found.map(({ what, before: old, after }) => [what, old, after])).toEqual([
      ['outcome', 'done', 'refused'],
      ['check J04', 'pass', 'fail'],
      ['sent scope', 'todos.read', 'todos.write'],
      ['claim act', '{"assertion":"[hidden]","token":"[hidden]"}', undefined],
      ['refusal code', undefined, 'XAA1602'],
      ['refusal status', undefined, '400'],
      ['claim aud', undefined, 'a'],
    ])
  })

  it('finds a step that only one of them has', () => {
    expect(compareTraces(read(write()), read(write({ ...STORY, steps: {} })))).toContainEqual({
      step: 'exchange',
      what: 'outcome',
      before: 'done',
      after: undefined,
    })
  })
})
