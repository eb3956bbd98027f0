import { accept } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'
import { describe, expect, it } from 'vitest'

import { createHttpSink, signBatch } from './http-sink.ts'
import { HTTP_RECEIVERS } from './http-receivers.ts'
import type { DefinitionOfSink } from './sink.ts'

const NOW = Date.parse('2026-11-27T12:00:00.500Z')
const SECRET = 's'.repeat(32)

function record(seq: number): RecordedEvent {
  const event = { id: `evt_${seq}`, time: new Date(NOW + seq).toISOString(), type: 'signin.failed' }
  return {
    log: 'idp',
    chain: 'idp',
    seq,
    prevHash: 'p',
    hash: 'h',
    body: '{}',
    event,
  } as unknown as RecordedEvent
}
const own = (seq: number) => ({
  log: 'idp',
  chain: 'idp',
  seq,
  prevHash: 'p',
  hash: 'h',
  text: '{}',
  ...record(seq).event,
})

async function send(definition: Partial<DefinitionOfSink<'http'>>, answer = { status: 200, text: '{}' }) {
  const sent: { headers: Readonly<Record<string, string>>; body: string }[] = []
  const post = {
    post: async (_: string, message: (typeof sent)[number]) => {
      sent.push(message)
      return accept(answer)
    },
    close: async () => undefined,
  }
  const sink = createHttpSink(
    {
      id: 'siem',
      type: 'http',
      url: 'https://collector.example/in',
      receiver: 'lines',
      format: 'ndjson',
      batchEvents: 200,
      ...definition,
    },
    { post, clock: { nowMs: () => NOW } },
  )
  const problem = await sink.send({ chain: 'idp', events: [record(1), record(2)] })
  const [message] = sent
  if (message === undefined) throw new Error('nothing was sent')
  return { ...message, problem, lines: message.body.trimEnd().split('\n') }
}

const parseAll = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as unknown)

describe('a batch', () => {
  it('is sent as signed lines of JSON', async () => {
    const { lines, headers, body } = await send({ secret: SECRET })
    expect(parseAll(lines)).toEqual([own(1), own(2)])
    const timestamp = String(Math.floor(NOW / 1000))
    expect(headers).toEqual({
      'content-type': 'application/x-ndjson',
      'crosswalk-stream': 'siem',
      'crosswalk-batch': 'idp:1-2',
      'crosswalk-timestamp': timestamp,
      'crosswalk-signature': `v1=${signBatch(SECRET, timestamp, body)}`,
    })
  })

  it.each([
    ['t0k3n678', 'no … here'],
    ['t0k3n67', 'no t0k3n67 here'],
  ])('that is refused shows what the receiver says, without the secret %s', async (secret, shown) => {
    const headers = { authorization: `Splunk ${secret}` }
    const { problem } = await send({ headers }, { status: 400, text: `no\n ${secret}\there` })
    expect(problem).toEqual({ error: 'status 400', isRejected: true, answer: shown })
  })

  it.each([
    ['no\u202e erom', 'no erom'],
    ['no t0k\u200b3n678 here', 'no … here'],
    [`${'x'.repeat(299)}\u{1f600}`, 'x'.repeat(299)],
    ['\u2066', ''],
  ])('that is refused shows no invisible characters of %j', async (text, shown) => {
    const headers = { authorization: 'Splunk t0k3n678' }
    expect((await send({ headers }, { status: 400, text })).problem?.answer).toBe(shown)
  })

  it('for Splunk has times in seconds, its token, and no signature', async () => {
    const { lines, headers } = await send({ receiver: 'splunk', headers: { authorization: 'Splunk t0k3n' } })
    expect(parseAll(lines)).toEqual(
      [1, 2].map((seq) => ({
        time: (NOW + seq) / 1000,
        source: 'crosswalk',
        sourcetype: '_json',
        event: own(seq),
      })),
    )
    expect(headers).toEqual({
      authorization: 'Splunk t0k3n',
      'content-type': 'application/json',
      'crosswalk-stream': 'siem',
      'crosswalk-batch': 'idp:1-2',
    })
  })

  it('for Datadog is one array', async () => {
    const { body, headers } = await send({ receiver: 'datadog', headers: { 'dd-api-key': 'k3y' } })
    expect(JSON.parse(body)).toEqual(
      [1, 2].map((seq) => ({
        ddsource: 'crosswalk',
        service: 'crosswalk',
        message: 'signin.failed',
        timestamp: record(seq).event.time,
        ...own(seq),
      })),
    )
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'dd-api-key': 'k3y' })
  })

  it('for Elastic names each event by its id, and ends with a line feed', async () => {
    const { lines, body } = await send({ receiver: 'elastic' })
    expect(parseAll(lines)).toEqual(
      [1, 2].flatMap((seq) => [
        { index: { _id: `evt_${seq}` } },
        { '@timestamp': record(seq).event.time, ...own(seq) },
      ]),
    )
    expect(body.endsWith('}\n')).toBe(true)
  })
})

it('for Elastic has one shape for members that differ from event to event, which a mapping cannot accept', () => {
  const checks = [
    { id: 'client.authentication', result: 'pass', actual: 'private_key_jwt' },
    { id: 'tenant', result: 'fail', expected: ['acme'], actual: { tenant: 'other', aud_tenant: 'acme' } },
    { id: 'granted.lifetime', result: 'pass', actual: 300 },
  ]
  const decision = {
    checks,
    policies: [{ id: 'night', clauses: [{ text: 'weekday', value: '2026-11-27', result: true }] }],
    granted: { act: { sub: 'agent0' }, authorization_details: [{ type: 'todo', count: 1 }] },
    remedies: [{ rank: 1, ask: { scope: 'a' }, edits: [{ object: 'app', patch: { a: 1 } }] }],
  }
  const json = { unmapped: { xaa: { change: { before: null }, decision } } }
  const lines = HTTP_RECEIVERS.elastic.render([{ id: 'evt_1', time: '', type: '', json }]).split('\n')
  const event = JSON.parse(lines[1] ?? '').unmapped.xaa
  expect(event).toEqual({
    change: '{"before":null}',
    decision: {
      checks: [
        { id: 'client.authentication', result: 'pass', actual: '"private_key_jwt"' },
        {
          ...{ id: 'tenant', result: 'fail', expected: '["acme"]' },
          actual: '{"tenant":"other","aud_tenant":"acme"}',
        },
        { id: 'granted.lifetime', result: 'pass', actual: '300' },
      ],
      policies: [{ id: 'night', clauses: JSON.stringify(decision.policies[0]?.clauses) }],
      granted: { act: '{"sub":"agent0"}', authorization_details: '[{"type":"todo","count":1}]' },
      remedies: [{ rank: 1, ask: '{"scope":"a"}', edits: '[{"object":"app","patch":{"a":1}}]' }],
    },
  })
})

describe('a batch is delivered', () => {
  it.each([
    ['lines', 200, '', undefined],
    ['lines', 299, '{"errors":true}', undefined],
    ['lines', 300, '', 'status 300'],
    ['splunk', 403, '{"text":"Invalid token","code":4}', 'status 403'],
    ['elastic', 200, '{"took":3,"errors":false,"items":[]}', undefined],
    ['elastic', 200, '{"took":3,"errors": true,"items":[', 'the index rejected events of the batch'],
    ['elastic', 200, '<title>Sign in</title>', 'the response does not say that the index has the batch'],
    [
      'elastic',
      200,
      '{"errors":true,"items":[{"reason":"\\"errors\\":false"',
      'the index rejected events of the batch',
    ],
  ] as const)('to %s with status %i and %s: %s', async (receiver, status, text, problem) => {
    expect((await send({ receiver }, { status, text })).problem?.error).toBe(problem)
  })
})

describe('a batch is rejected, so that its receiver would reject it again', () => {
  const ITEM = (status: number) =>
    `{"errors":true,"items":[{"index":{"_id":"e","status":${status},"error":{}}}]}`
  it.each([
    ['lines', 400, '', true],
    ['lines', 413, '', true],
    ['lines', 422, '', true],
    ['lines', 401, '', false],
    ['lines', 404, '', false],
    ['lines', 429, '', false],
    ['lines', 503, '', false],
    ['elastic', 200, ITEM(400), true],
    ['elastic', 200, ITEM(429), false],
    ['elastic', 200, ITEM(503), false],
    ['elastic', 200, '<title>Sign in</title>', false],
  ] as const)('by %s with status %i and %s: %s', async (receiver, status, text, isRejected) => {
    expect((await send({ receiver }, { status, text })).problem?.isRejected).toBe(isRejected)
  })
})
