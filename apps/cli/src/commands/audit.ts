// `crosswalk audit`: lists and follows the audit logs; the other commands have files of their own.
import type { Command } from 'commander'

import { addList, addTail } from '../admin/route-commands.ts'
import { addExportCommand } from './audit-export.ts'
import { addPackCommand } from './audit-pack.ts'
import { EVENT_FILTERS } from './audit-filters.ts'
import { addVerificationCommands } from './audit-verification.ts'
import { addRetentionCommands } from './audit-retention.ts'
import { addSampleCommand } from './audit-sample.ts'
import { addStreamCommands } from './audit-streams.ts'
import { type FullEvent, renderEvent } from './render-event.ts'
import type { CommandTerminal } from '../terminal.ts'

/** Filters that only an export has: where it begins, and its format. */
export const NO_EXPORT = { afterSeq: null, format: null }

export function addAuditCommands(program: Command, terminal: CommandTerminal): void {
  const audit = program.command('audit').description('read, export and verify the audit logs')
  addList(audit, terminal, {
    route: 'audit.list',
    description: 'list events, newest first',
    options: { ...EVENT_FILTERS, ...NO_EXPORT },
    schema: 'crosswalk.events/v1',
    limit: 50,
    columns: {
      time: ({ time }) => time,
      log: ({ log }) => log,
      chain: ({ chain }) => chain,
      seq: ({ seq }) => seq,
      type: ({ type }) => type,
      outcome: ({ outcome }) => outcome,
      code: ({ code }: FullEvent) => code,
      by: ({ actor }: FullEvent) => actor?.id,
      kind: ({ target }: FullEvent) => target?.kind,
      target: ({ target }: FullEvent) => target?.id,
      why: ({ reason }: FullEvent) => reason,
      id: ({ id }) => id,
    },
    line: renderEvent,
  })
  addTail(audit, terminal, {
    route: 'audit.list',
    description: 'follow events as they are recorded',
    options: { ...EVENT_FILTERS, ...NO_EXPORT },
    idOf: ({ id }) => id,
    timeOf: ({ time }) => time,
    render: renderEvent,
  })
  addExportCommand(audit, terminal)
  addPackCommand(audit, terminal)
  addStreamCommands(audit, terminal)
  addVerificationCommands(audit, terminal)
  addSampleCommand(audit, terminal)
  addRetentionCommands(audit, terminal)
}
