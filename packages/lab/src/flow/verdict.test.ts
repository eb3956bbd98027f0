import { DECISION_CODES } from '@crosswalk/protocol'
import { expect, it, test } from 'vitest'

import { CODES_WITHOUT_FAULT } from './codes-without-fault.ts'
import type { Fault } from './fault.ts'
import { ALL_FAULTS, FAULTS } from './faults.ts'
import type { FlowRun, Leg, Refusal } from './flow-run.ts'
import { redactRequest, redactResponse } from './redact.ts'
import { judgeTrial, type Trial } from './verdict.ts'

const fault = FAULTS.find(({ id }) => id === 'signature') as Fault
const other = (id: string) => FAULTS.find((it) => it.id === id) as Fault

const run = (refusal?: Partial<Refusal>, leg: Leg['leg'] = 'redemption'): FlowRun => ({
  received: { idToken: '' },
  legs: [
    {
      leg,
      outcome: refusal === undefined ? 'done' : 'refused',
      request: { method: 'POST', url: '', headers: {}, params: {} },
      response: { status: 200, headers: {}, body: '' },
      ms: 1,
      checks: [],
      ...(refusal === undefined
        ? {}
        : {
            refusal: { status: 400, error: undefined, code: 'XAA2202', confidence: 'possible', ...refusal },
          }),
    },
  ],
})
/** Accepted it, with this response. */
function give(body: Readonly<Record<string, unknown>>): FlowRun {
  const { legs, received } = run()
  return { received, legs: legs.map((leg) => ({ ...leg, response: { ...leg.response, body } })) }
}
const good: Trial = { fault, control: run(), faulty: run({ error: 'invalid_grant' }), repaired: run() }
const refuse = (refusal: Partial<Refusal>): Trial => ({ ...good, faulty: run(refusal) })

test.each<[string, Trial, string, RegExp]>([
  ['refused, and accepted again once repaired', good, 'refused-as-expected', /accepted again/],
  ['refused as recorded', { ...good, recordedCode: 'XAA2203' }, 'refused-as-expected', /XAA2203/],
  [
    'refused as recorded, although the flow fails afterwards',
    { ...good, repaired: run({ error: 'invalid_grant' }), recordedCode: 'XAA2203' },
    'refused-as-expected',
    /recorded as XAA2203$/,
  ],
  [
    'forged, with a response that tells the reason',
    {
      ...good,
      fault: other('wrong-typ'),
      faulty: run({ error: 'invalid_grant', code: 'XAA2201', confidence: 'certain' }),
    },
    'refused-as-expected',
    /^refused with 400 invalid_grant \(XAA2201\), and accepted again/,
  ],
  [
    'refused in the leg of the fault, after one that succeeds',
    {
      ...good,
      faulty: {
        received: { idToken: '' },
        legs: [run(undefined, 'exchange'), run({ error: 'invalid_grant' })].flatMap(({ legs }) => legs),
      },
    },
    'refused-as-expected',
    /accepted again/,
  ],
  ['taken', { ...good, faulty: run() }, 'taken', /attacker gains access/],
  [
    'everything refused',
    { ...good, control: run({ error: 'invalid_grant' }) },
    'inconclusive',
    /prove nothing/,
  ],
  [
    'not reached',
    { ...good, faulty: { legs: [], received: { idToken: '' } } },
    'inconclusive',
    /not reached/,
  ],
  [
    'refused for another error',
    refuse({ error: 'invalid_client' }),
    'inconclusive',
    /another reason: 400 invalid_client/,
  ],
  [
    'recorded for another reason',
    { ...good, recordedCode: 'XAA2301' },
    'inconclusive',
    /another reason: XAA2301/,
  ],
  ['a server error', refuse({ status: 500, error: 'invalid_grant' }), 'inconclusive', /did not respond/],
  ['no answer', { ...good, faulty: run({ status: undefined as never }) }, 'inconclusive', /did not respond/],
  [
    'refused permanently',
    { ...good, repaired: run({ error: 'invalid_grant' }) },
    'inconclusive',
    /without the fault now/,
  ],
  [
    'forged, without a record',
    { ...good, fault: other('wrong-typ') },
    'inconclusive',
    /perhaps for its signature/,
  ],
  [
    'forged, with a record',
    { ...good, fault: other('wrong-typ'), recordedCode: 'XAA2201' },
    'refused-as-expected',
    /XAA2201/,
  ],
  [
    'accepted where it may be',
    { ...good, fault: other('replay'), faulty: run() },
    'inconclusive',
    /until it expires/,
  ],
  [
    'accepted, with the excess request',
    { ...good, fault: other('scope-beyond'), faulty: give({ scope: 'a crosswalk.unknown' }) },
    'taken',
    /attacker gains more/,
  ],
  [
    'accepted, without the excess request',
    { ...good, fault: other('scope-beyond'), faulty: give({ scope: 'a' }) },
    'inconclusive',
    /omits the excess request/,
  ],
  [
    'accepted, without showing what it grants',
    { ...good, fault: other('resource-beyond'), faulty: give({ scope: 'a' }) },
    'inconclusive',
    /does not show what it grants/,
  ],
])('%s', (_, trial, verdict, because) => {
  expect(judgeTrial(trial)).toEqual({ verdict, because: expect.stringMatching(because) as string })
})

it('has faults with distinct ids, each with a reason to be refused', () => {
  expect(new Set(ALL_FAULTS.map(({ id }) => id)).size).toBe(ALL_FAULTS.length)
  expect(
    ALL_FAULTS.every(({ errors, codes, gain }) => errors.length > 0 && codes.length > 0 && gain !== ''),
  ).toBe(true)
})

it('every decision code has a fault that produces it, or a reason why none does', () => {
  const produced = new Set(ALL_FAULTS.flatMap(({ codes }) => codes))
  const explained = CODES_WITHOUT_FAULT.flatMap(({ codes }) => codes)
  expect([...produced, ...explained].toSorted()).toEqual(Object.keys(DECISION_CODES).toSorted())
})

it('shows no token and no secret', () => {
  const secret = 'a-secret-that-is-long-enough-to-be-noticed'
  const request = redactRequest({
    method: 'POST',
    url: 'https://idp.example/token',
    headers: { Authorization: `Basic ${secret}`, cookie: `${secret}; a=b`, accept: 'application/json' },
    form: new URLSearchParams({
      assertion: secret,
      client_secret: secret,
      subject_token: secret,
      scope: 'read',
    }),
  })
  const response = redactResponse({
    request: { method: 'POST', url: '' },
    status: 400,
    headers: { 'set-cookie': secret },
    cookies: [secret],
    text: '',
    json: { access_token: secret, nested: [{ id_token: secret }], error_description: `bad ${secret}` },
    ms: 1,
  })
  expect(JSON.stringify([request, response])).not.toContain(secret)
  expect(request.params.scope).toBe('read')
})

it('shows everything else unchanged, in any form', () => {
  const request = redactRequest({
    method: 'POST',
    url: 'https://api.example/mcp',
    headers: { Authorization: 'Bearer a b', cookie: 'c d' },
    json: { method: 'tools/call', id: 7, params: [null, { password: 'p', name: 'n' }] },
  })
  expect(request).toEqual({
    method: 'POST',
    url: 'https://api.example/mcp',
    headers: {
      Authorization: expect.stringMatching(/^Bearer \[3 characters, #[0-9a-f]{8}\]$/),
      cookie: expect.stringMatching(/^\[3 characters, #[0-9a-f]{8}\]$/),
    },
    params: {},
    json: {
      method: 'tools/call',
      id: 7,
      params: [null, { password: expect.stringMatching(/^\[1 characters, #/), name: 'n' }],
    },
  })
})

it.each([
  ['of a decision', 'XAA1503', true],
  ['of an error', 'invalid_grant', true],
  ['of an authorization', 'SplxlOBeZQQYbYS6WxSbIA', false],
  ['that resembles a decision code', 'XAA15031', false],
  ['of too many letters', 'a'.repeat(21), false],
])('a code %s in JSON: shown or not', (_, code, shown) => {
  const exchange = { status: 200, headers: {}, cookies: [], text: '', json: { nested: { code } }, ms: 1 }
  const { body } = redactResponse({ ...exchange, request: { method: 'GET', url: '' } })
  expect(JSON.stringify(body).includes(`"${code}"`)).toBe(shown)
})
