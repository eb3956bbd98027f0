// `crosswalk audit retention`: how long events are kept, and the legal hold that keeps them all.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall } from '../admin/route-commands.ts'
import { listLines } from '../admin/table.ts'
import type { CommandTerminal } from '../terminal.ts'
import { count } from '../output.ts'

const SHOWN = { schema: 'crosswalk.retention/v1', render: renderRetention } as const

export function addRetentionCommands(audit: Command, terminal: CommandTerminal): void {
  const retention = audit.command('retention').description('show retention, and set a legal hold')
  addCall(retention, terminal, {
    ...SHOWN,
    verb: 'show',
    route: 'audit-retention.read',
    description: 'show how long events are kept, and where each log begins',
  })
  addCall(retention, terminal, {
    ...SHOWN,
    verb: 'hold',
    route: 'audit-retention.hold',
    description: 'start a legal hold: keep all events until it ends',
  })
  addCall(retention, terminal, {
    ...SHOWN,
    verb: 'release',
    route: 'audit-retention.release',
    description: 'end the legal hold',
  })
}

function renderRetention({ retentionDays, hold, logs }: AnswerTo<'audit-retention.read'>): readonly string[] {
  const kept =
    retentionDays === null ? 'events are kept forever' : `events are kept for ${count(retentionDays, 'day')}`
  const held = hold === null ? '' : `; legal hold by ${hold.by} since ${hold.since}: ${hold.reason}`
  const rows = logs.map(({ chain, begins, cutAt }) => [chain, String(begins), cutAt ?? 'never'])
  return [kept + held, ...listLines(['log', 'begins at', 'removed last'], rows)]
}
