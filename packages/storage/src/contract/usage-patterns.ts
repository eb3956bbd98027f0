// The contract of usage patterns: a period includes its start and excludes its end, and counts are by column.
import type { AuditEvent } from '@crosswalk/as-core'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@crosswalk/protocol'
import { beforeEach, expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

export function describeUsagePatterns(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  // The tests share one database; each uses its own day.
  let noonMs = START_MS
  beforeEach(() => {
    noonMs += 2 * DAY_MS
  })

  /** @param at - in milliseconds after noon */
  const write = (at: number, app: string, more: Partial<AuditEvent> = {}, log = 'idp') =>
    fixture.storage.ledger.commit({
      log,
      event: sampleEvent(noonMs - START_MS + at, {
        actor: { kind: 'agent', id: app },
        decision_id: `dec_${at}`,
        ...more,
      }),
    })
  const decided = (about: object) => ({
    decision: { request: { context: {} }, resolution: {}, ...about } as never,
  })
  const period = (since: number, until: number) => ({ since: noonMs + since, until: noonMs + until })

  test('refusals are counted by log, app and code', async () => {
    const refused = (code: string) => ({ type: 'token.refused', outcome: 'deny', code }) as const
    await write(4, 'a', refused('XAA2209'), 'as:x')
    await write(5, 'a', refused('XAA2209'), 'as:x')
    await write(6, 'a', refused('XAA2209'), 'as:x')
    await write(6, 'a', refused('XAA2209'), 'as:y')
    await write(7, 'a', refused('XAA2103'), 'as:x')
    await write(7, 'b', refused('XAA1503'), 'as:x')
    await write(8, 'a', refused('XAA2103'), 'as:x')
    const counts = await fixture.storage.usagePatterns.countRefusals(['XAA2209', 'XAA2103'], period(5, 8))
    expect(
      [...counts].sort((one, other) => one.firstAt - other.firstAt || (one.log < other.log ? -1 : 1)),
    ).toEqual([
      { ...{ log: 'as:x', app: 'a', code: 'XAA2209', count: 2 }, ...edges(5, 6), decisionId: 'dec_6' },
      { ...{ log: 'as:y', app: 'a', code: 'XAA2209', count: 1 }, ...edges(6, 6), decisionId: 'dec_6' },
      { ...{ log: 'as:x', app: 'a', code: 'XAA2103', count: 1 }, ...edges(7, 7), decisionId: 'dec_7' },
    ])
  })
  const edges = (first: number, last: number) => ({ firstAt: noonMs + first, lastAt: noonMs + last })

  test('lists the hours of the day with grants, by app', async () => {
    await write(0, 'a')
    await write(HOUR_MS - 1, 'a')
    await write(HOUR_MS, 'a')
    await write(12 * HOUR_MS, 'b')
    await write(3 * HOUR_MS, 'a', { type: 'idjag.denied' })
    const { usagePatterns } = fixture.storage
    expect(sorted(await usagePatterns.listHoursUsed(period(0, 24 * HOUR_MS)))).toEqual([
      { app: 'a', hours: (1 << 12) | (1 << 13) },
      { app: 'b', hours: 1 << 0 },
    ])
    expect(await usagePatterns.listHoursUsed(period(1, HOUR_MS))).toEqual([{ app: 'a', hours: 1 << 12 }])
  })

  test('counts each resource app once per window, whether granted or not', async () => {
    const at = (id: string, type = 'idjag.issued') => ({
      type,
      ...decided({ resolution: { resource_app: id } }),
    })
    await write(0, 'a', at('x'))
    await write(1, 'a', at('x'))
    await write(2, 'a', at('y', 'idjag.denied'))
    await write(3, 'a', at('z', 'idjag.stepup'))
    await write(4, 'a', at('w', 'token.redeemed'))
    await write(5 * MINUTE_MS, 'a', at('x'))
    await write(6, 'b', at('x'))
    const counts = await fixture.storage.usagePatterns.countTargets(period(0, HOUR_MS), 5 * MINUTE_MS)
    expect(sorted(counts)).toEqual([
      { app: 'a', at: noonMs, targets: 3 },
      { app: 'a', at: noonMs + 5 * MINUTE_MS, targets: 1 },
      { app: 'b', at: noonMs, targets: 1 },
    ])
  })

  test('counts issued grants by connection, and redeemed grants by server and client', async () => {
    const over = (connection: string) => ({ delegation: { connection } })
    await write(0, 'a', over('one'))
    await write(1, 'a', over('one'))
    await write(2, 'a', over('two'))
    await write(3, 'a', over('two'))
    await write(1, 'client', { type: 'token.redeemed' }, 'as:x')
    await write(2, 'client', { type: 'token.redeemed' }, 'as:x')
    await write(2, 'client', { type: 'token.redeemed' }, 'as:y')
    await write(2, 'other', { type: 'token.refused' }, 'as:y')
    const { usagePatterns } = fixture.storage
    expect(await usagePatterns.countIssued(period(0, 3))).toEqual(
      new Map([
        ['one', 2],
        ['two', 1],
      ]),
    )
    expect(await usagePatterns.countRedeemed(period(0, 3))).toEqual(
      new Map([
        ['as:x client', 2],
        ['as:y client', 1],
      ]),
    )
  })

  test('grants include the user, the address, and report-only policies that would have denied them', async () => {
    const policy = (id: string, state: string, result: string) => ({ id, state, result })
    const policies = [
      policy('soon', 'report-only', 'fail'),
      policy('met', 'report-only', 'pass'),
      policy('open', 'report-only', 'unknown'),
      policy('now', 'enforced', 'fail'),
    ]
    await write(1, 'a', decided({ policies, request: { context: { ip: '192.0.2.7' } } }))
    await write(2, 'b', {
      ...{ delegation: { connection: 'other' }, on_behalf_of: { user_ref: 'usr_bob' } },
      action: { verb: 'x', scopes_granted: ['read'] },
    })
    await write(3, 'b', { type: 'idjag.denied' })
    const { usagePatterns } = fixture.storage
    const list = (more: object = {}) => usagePatterns.listGrants({ ...period(0, 9), most: 9, ...more })
    expect(await list()).toEqual([
      {
        app: 'b',
        connection: 'other',
        user: 'usr_bob',
        at: noonMs + 2,
        decisionId: 'dec_2',
        scopes: ['read'],
        refusedBy: [],
      },
      {
        ...{ app: 'a', connection: 'agent0-todo0', user: 'usr_alice', at: noonMs + 1, decisionId: 'dec_1' },
        ...{ ip: '192.0.2.7', refusedBy: ['soon'], scopes: [], grantId: expect.any(String) as string },
      },
    ])
    expect(await list({ most: 1 })).toMatchObject([{ app: 'b' }])
    expect(await list({ app: 'a' })).toMatchObject([{ app: 'a' }])
    expect(await list(period(2, 3))).toMatchObject([{ app: 'b' }])
    const redeemed = { delegation: { grant_id: 'grant' }, action: { verb: 'x', scopes_granted: ['read'] } }
    await write(1, 'client', { type: 'token.redeemed', ...redeemed }, 'as:x')
    await write(2, 'client', { type: 'token.refused', ...redeemed }, 'as:x')
    expect(await usagePatterns.listRedemptions({ ...period(1, 2), most: 9 })).toEqual([
      {
        ...{ log: 'as:x', client: 'client', at: noonMs + 1, decisionId: 'dec_1' },
        ...{ grantId: 'grant', scopes: ['read'] },
      },
    ])
    expect(await usagePatterns.listRedemptions({ ...period(2, 9), most: 9 })).toEqual([])
    const was = (connection: string, user: string | undefined, since: number, until: number) =>
      usagePatterns.wasGranted({
        connection,
        ...(user === undefined ? {} : { user }),
        ...period(since, until),
      })
    expect(await was('other', 'usr_bob', 2, 3)).toBe(true)
    expect(await was('other', 'usr_bob', 3, 9)).toBe(false)
    expect(await was('other', 'usr_bob', 0, 2)).toBe(false)
    expect(await was('other', 'usr_alice', 0, 9)).toBe(false)
    expect(await was('agent0-todo0', 'usr_alice', 2, 9)).toBe(false)
    expect([await was('other', undefined, 0, 9), await was('third', undefined, 0, 9)]).toEqual([true, false])
  })
}

function sorted<One extends { readonly app: string; readonly at?: number }>(
  all: readonly One[],
): readonly One[] {
  return [...all].sort((one, other) =>
    one.app === other.app ? (one.at ?? 0) - (other.at ?? 0) : one.app < other.app ? -1 : 1,
  )
}
