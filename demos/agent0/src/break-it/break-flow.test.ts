// The verdict: green only for the expected refusal at the expected place, between two flows that work.
import { clientSecret, Redacted } from '@crosswalk/client'
import type { Backstage } from '@crosswalk/demo-kit'
import type { Exchange, GuardedSender } from '@crosswalk/lab'
import { describe, expect, it } from 'vitest'

import { breakFlow, type BreakParts } from './break-flow.ts'
import { BUTTONS } from './buttons.ts'

type Answer = Pick<Exchange, 'status' | 'json' | 'headers'>

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const ID_JAG = `${encode({ alg: 'ES256', typ: 'oauth-id-jag+jwt' })}.${encode({ aud: 'http://as.test' })}.c2ln`
const granted: Answer = { status: 200, json: { access_token: ID_JAG, scope: 'todos.read' }, headers: {} }
const refused = (error: string): Answer => ({
  status: 400,
  json: { error },
  headers: { 'crosswalk-decision': 'dec_1' },
})

const find = (wanted: string) => {
  const button = BUTTONS.find(({ id }) => id === wanted)
  if (button === undefined) throw new Error(`there is no button ${wanted}`)
  return button
}
const replay = find('replay')
const stopped = find('stopped')

/** Servers that return the queued responses, then grants. */
function parts(exchanges: readonly Answer[], redemptions: readonly Answer[] = [], code = 'XAA2209') {
  const acts: string[] = []
  const backstage: Backstage = {
    perform: (act, userId) => {
      acts.push(`${act} ${userId}`)
      return Promise.resolve(() => Promise.resolve(void acts.push('undone')))
    },
    findDecision: (id) =>
      Promise.resolve({ id, stage: 'vendor', outcome: 'deny', code, text: 'Why.', remedies: [], checks: [] }),
  }
  const queues: Readonly<Record<string, Answer[]>> = {
    'http://idp.test/token': [...exchanges],
    'http://as.test/token': [...redemptions],
  }
  const sender: GuardedSender = {
    send: (request) => {
      const queue = queues[request.url]
      const answer = queue === undefined ? { status: 404, headers: {} } : (queue.shift() ?? granted)
      return Promise.resolve({ request, cookies: [], text: '', ms: 1, ...answer })
    },
    close: () => Promise.resolve(),
  }
  const register = (issuer: string) => ({
    issuer,
    tokenEndpoint: `${issuer}/token`,
    clientId: 'agent0',
    auth: clientSecret('a secret'),
  })
  const made: BreakParts = {
    sender,
    idp: register('http://idp.test'),
    vendor: register('http://as.test'),
    subject: {
      userId: 'usr_alice',
      fresh: () => Promise.resolve(new Redacted('id')),
      expired: () => new Redacted('old'),
    },
    resources: { mcp: 'http://t.test/mcp', api: 'http://t.test/api', notes: 'http://n.test/mcp' },
    backstage,
  }
  return { made, acts }
}

describe('breakFlow', () => {
  // The flow without the fault redeems the grant once; the flow with the fault redeems it twice.
  const redeemTwice = (second: Answer) => [granted, granted, second]

  it('passes if the fault is refused as expected and the other requests succeed', async () => {
    const { made } = parts([], redeemTwice(refused('invalid_grant')))
    expect(await breakFlow(replay, made)).toMatchObject({
      verdict: 'refused',
      refusal: { by: "the todo vendor's authorization server", code: 'XAA2209', decisionId: 'dec_1' },
    })
  })

  it.each([
    ['another error', refused('invalid_client'), 'XAA2209', 'inconclusive'],
    ['another code', refused('invalid_grant'), 'XAA2203', 'inconclusive'],
    [
      'a server that accepts it, which is allowed until the grant expires',
      granted,
      'XAA0000',
      'inconclusive',
    ],
  ])('does not pass for %s', async (_, second, code, verdict) => {
    const { made } = parts([], redeemTwice(second), code)
    expect((await breakFlow(replay, made)).verdict).toBe(verdict)
  })

  it('reports an accepted fault if nothing is refused', async () => {
    const { made } = parts([])
    expect((await breakFlow(stopped, made)).verdict).toBe('accepted')
  })

  it('is inconclusive if everything is refused', async () => {
    const { made } = parts([refused('access_denied')])
    expect(await breakFlow(replay, made)).toMatchObject({
      verdict: 'inconclusive',
      text: expect.stringContaining('Sign in as a user who may use Todo0') as string,
    })
  })

  it('undoes the administrator action, and shows that the request passes again', async () => {
    const { made, acts } = parts([granted, refused('access_denied')], [], 'XAA1902')
    const report = await breakFlow(stopped, made)
    expect(report.verdict).toBe('refused')
    expect(acts).toEqual(['stop-agent usr_alice', 'undone'])
    expect(report.steps.map(({ leg: sent }) => sent?.status)).toEqual([
      200,
      200,
      undefined,
      400,
      undefined,
      200,
      200,
    ])
  })

  it('also undoes it if a server fails', async () => {
    const { made, acts } = parts([])
    let asked = 0
    const sender: GuardedSender = {
      ...made.sender,
      send: (request) => {
        asked += request.url === 'http://idp.test/token' ? 1 : 0
        return asked < 2 ? made.sender.send(request) : Promise.reject(new Error('down'))
      },
    }
    await expect(breakFlow(stopped, { ...made, sender })).rejects.toThrow('down')
    expect(acts).toEqual(['stop-agent usr_alice', 'undone'])
  })

  it.each([
    ['there is no administrator access', 'stopped'],
    ['there is no other client', 'client'],
  ])('reports that %s', async (_, id) => {
    const { made } = parts([])
    const { backstage: _backstage, ...alone } = made
    expect(await breakFlow(find(id), alone)).toMatchObject({ verdict: 'unavailable', steps: [] })
  })
})
