// The verdict: green only for a refusal of the right kind, at the right place, beside a request that passes.
import { type LegEvent, Redacted } from '@crosswalk/client'
import type { Backstage } from '@crosswalk/demo-kit'
import { describe, expect, it } from 'vitest'

import { breakFlow, type BreakParts } from './break-flow.ts'
import { FAULTS } from './faults.ts'
import type { Sent } from './hand.ts'

const ID_JAG = `h.${Buffer.from(JSON.stringify({ aud: 'http://as.test', scope: 'todos.read' })).toString('base64url')}.s`
const leg = (name: LegEvent['leg'], change: Partial<LegEvent> = {}): LegEvent => ({
  leg: name,
  method: 'POST',
  url: 'http://x.test/',
  status: 200,
  ms: 1,
  ...change,
})
const granted = (name: LegEvent['leg']): Sent => ({ leg: leg(name), token: ID_JAG })
const refused = (name: LegEvent['leg'], error: string): Sent => ({
  leg: leg(name, { status: 400, error, decisionId: 'dec_1' }),
})

const replay = FAULTS.find(({ id }) => id === 'replay')
const stopped = FAULTS.find(({ id }) => id === 'stopped')
if (replay === undefined || stopped === undefined) throw new Error('the faults have other names')

function parts(exchanges: readonly Sent[], redemptions: readonly Sent[] = [], code = 'XAA2209') {
  const acts: string[] = []
  const backstage: Backstage = {
    perform: (act, userId) => {
      acts.push(`${act} ${userId}`)
      return Promise.resolve(() => Promise.resolve(void acts.push('undone')))
    },
    findDecision: (id) =>
      Promise.resolve({ id, stage: 'vendor', outcome: 'deny', code, text: 'Why.', remedies: [], checks: [] }),
  }
  const [exchange, redeem] = [[...exchanges], [...redemptions]]
  const next = (list: Sent[]) => Promise.resolve(list.shift() ?? granted('exchange'))
  const made: BreakParts = {
    hand: {
      exchange: () => next(exchange),
      redeem: () => next(redeem),
      call: () => Promise.resolve(granted('resource')),
    },
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
  it('is green where the fault is refused as it should be, and all else passes', async () => {
    const { made } = parts(
      [granted('exchange')],
      [granted('redemption'), refused('redemption', 'invalid_grant')],
    )
    expect(await breakFlow(replay, made)).toMatchObject({
      verdict: 'refused',
      refusal: { by: "the todo vendor's authorization server", code: 'XAA2209', decisionId: 'dec_1' },
    })
  })

  it.each([
    ['another error', refused('redemption', 'invalid_client'), 'XAA2209', 'inconclusive'],
    ['another code', refused('redemption', 'invalid_grant'), 'XAA2203', 'inconclusive'],
    ['no refusal at all', granted('redemption'), 'XAA0000', 'accepted'],
  ])('is not green for %s', async (_, second, code, verdict) => {
    const { made } = parts([granted('exchange')], [granted('redemption'), second], code)
    expect((await breakFlow(replay, made)).verdict).toBe(verdict)
  })

  it('proves nothing where everything is refused', async () => {
    const { made } = parts([refused('exchange', 'access_denied')])
    expect(await breakFlow(replay, made)).toMatchObject({ verdict: 'inconclusive' })
  })

  it('takes back what the administrator did, and shows that the request passes again', async () => {
    const { made, acts } = parts([granted('exchange'), refused('exchange', 'access_denied')])
    const report = await breakFlow(stopped, made)
    expect(report.verdict).toBe('refused')
    expect(acts).toEqual(['stop-agent usr_alice', 'undone'])
    expect(report.steps.map(({ leg: sent }) => sent?.status)).toEqual([200, undefined, 400, 200])
  })

  it('takes it back as well where a server fails', async () => {
    const { made, acts } = parts([granted('exchange')])
    let asked = 0
    const hand = {
      ...made.hand,
      exchange: () => {
        asked += 1
        return asked === 1 ? Promise.resolve(granted('exchange')) : Promise.reject(new Error('down'))
      },
    }
    await expect(breakFlow(stopped, { ...made, hand })).rejects.toThrow('down')
    expect(acts).toEqual(['stop-agent usr_alice', 'undone'])
  })

  it('says so where nobody can play the administrator', async () => {
    const { made } = parts([])
    const { backstage: _, ...alone } = made
    expect(await breakFlow(stopped, alone)).toMatchObject({ verdict: 'unavailable' })
  })
})
