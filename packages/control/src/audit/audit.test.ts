// Reads of the audit logs: each is recorded before it returns anything, and an export of one log has events of that log only.
import { NDJSON } from '@crosswalk/admin-api'
import { openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { systemContext } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { createAuditHandlers } from './audit.ts'
import { createExportLimit } from './export-limit.ts'

const LOGS = ['as:todo', 'as:todos']

async function open() {
  const storage = await openStorage('sqlite::memory:')
  onTestFinished(() => storage.close())
  for (const log of LOGS) {
    const event = {
      ...{ schema: 'xaa.event/v1', id: `evt_${log}`, time: new Date(0).toISOString(), trace_id: 'trc' },
      ...{ type: 'token.issued', category: 'decision', severity: 'info', outcome: 'allow' },
      actor: { kind: 'app', id: 'web' },
    }
    await storage.ledger.commit({ log, event } as never)
  }
  const fault = new Error('the database is away')
  let isAway = false
  const commit: typeof storage.ledger.commit = async (entry) => {
    if (isAway) throw fault
    return storage.ledger.commit(entry)
  }
  const parts = {
    ...{ storage: { ...storage, ledger: { ...storage.ledger, commit } }, clock: { nowMs: () => 0 } },
    directory: {},
  } as unknown as SharedParts
  const handlers = createAuditHandlers(parts, createExportLimit())
  const list = (query: object, accept = 'application/json') =>
    handlers['audit.list'](
      { query: { limit: 10, ...query } } as never,
      { ...systemContext('a test'), headers: new Headers({ accept }) } as never,
    )
  return { list, fault, takeAway: () => void (isAway = true) }
}

it('an export of one log has no event of a log whose name begins like it', async () => {
  const { list } = await open()
  const export_ = async (log: string) => {
    const lines = (await ((await list({ log }, NDJSON)) as Response).text()).trim().split('\n')
    return lines.map((line) => (JSON.parse(line) as { readonly log: string }).log)
  }
  expect([await export_('as:todo'), await export_('as:todos')]).toEqual(LOGS.map((log) => [log]))
})

it.each(['application/json', NDJSON])(
  'a read that cannot be recorded returns no event as %s',
  async (accept) => {
    const { list, fault, takeAway } = await open()
    expect('status' in (await list({}, accept))).toBe(true)
    takeAway()
    await expect(list({ log: 'as:todo' }, accept)).rejects.toThrow(fault)
  },
)
