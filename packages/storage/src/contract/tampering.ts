// The contract of verification: every change of a stored log outside the ledger is found and located.
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { runStatement } from './run-statement.ts'
import { sampleEvent } from './samples.ts'

interface Tampering {
  readonly what: string
  statement(log: string): ReturnType<typeof sql>
  readonly seq: number
  readonly why: RegExp
}

const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a changed byte of a body',
    statement: (log) =>
      sql`update audit_events set body = replace(body, 'usr_alice', 'usr_alicf') where log = ${log} and seq = 3`,
    seq: 3,
    why: /content was changed/,
  },
  {
    what: 'a changed hash',
    statement: (log) => sql`update audit_events set hash = 'x' where log = ${log} and seq = 3`,
    seq: 3,
    why: /content was changed/,
  },
  {
    what: 'a changed hash of the last event',
    statement: (log) => sql`update audit_heads set hash = 'x' where log = ${log}`,
    seq: 5,
    why: /differs from the head/,
  },
  {
    what: 'a changed column',
    statement: (log) => sql`update audit_events set user_ref = 'usr_bob' where log = ${log} and seq = 2`,
    seq: 2,
    why: /column `user_ref` differs/,
  },
  {
    what: 'a changed time column',
    statement: (log) => sql`update audit_events set time_ms = time_ms + 1 where log = ${log} and seq = 1`,
    seq: 1,
    why: /column `time_ms` differs/,
  },
  {
    what: 'a body that is not JSON, with a matching hash',
    statement: (log) => sql`update audit_events set body = 'x' where log = ${log} and seq = 2`,
    seq: 2,
    why: /content was changed/,
  },
  {
    what: 'a dropped first event',
    statement: (log) => sql`delete from audit_events where log = ${log} and seq = 1`,
    seq: 1,
    why: /missing/,
  },
  {
    what: 'a dropped event',
    statement: (log) => sql`delete from audit_events where log = ${log} and seq = 3`,
    seq: 3,
    why: /missing/,
  },
  {
    what: 'a cut tail',
    statement: (log) => sql`delete from audit_events where log = ${log} and seq > 3`,
    seq: 4,
    why: /missing: the head of the log counts 5 events/,
  },
  {
    what: 'a log cut completely',
    statement: (log) => sql`delete from audit_events where log = ${log}`,
    seq: 1,
    why: /missing/,
  },
  {
    what: 'a head moved back',
    statement: (log) => sql`update audit_heads set seq = 4, hash =
      (select hash from audit_events where log = ${log} and seq = 4) where log = ${log}`,
    seq: 5,
    why: /beyond the head/,
  },
  {
    what: 'a lost head',
    statement: (log) => sql`delete from audit_heads where log = ${log}`,
    seq: 1,
    why: /beyond the head/,
  },
]

export function describeTampering(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test.each(TAMPERINGS)('verification finds $what', async ({ what, statement, seq, why }) => {
    const { ledger, events } = fixture.storage
    const log = `tampered: ${what}`
    for (let number = 1; number <= 5; number += 1) await ledger.commit({ log, event: sampleEvent(number) })
    expect(await events.verify(log)).toMatchObject({ ok: true, events: 5 })
    await runStatement(fixture.url, statement(log))
    const verdict = await events.verify(log)
    expect(verdict).toMatchObject({ ok: false, firstBad: { seq } })
    expect(verdict.firstBad?.why).toMatch(why)
  })
}
