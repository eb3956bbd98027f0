// `crosswalk recommendations`: findings of the rules, and their mutes.
import type { Hint } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'

const SHOWN = { schema: 'crosswalk.hint/v1', render: renderHint } as const

export function addHintCommands(program: Command, terminal: CommandTerminal): void {
  const hints = program.command('recommendations').description('list recommendations, and mute them')
  addList(hints, terminal, {
    route: 'hints.list',
    description: 'list recommendations, most urgent first',
    options: {
      state: 'only those in this state',
      severity: 'only those of this severity',
      rule: 'only those of this rule',
      mine: 'only those about your objects',
    },
    schema: 'crosswalk.hints/v1',
    columns: {
      id: ({ id }) => id,
      severity: ({ severity }) => severity,
      rule: ({ rule }) => rule,
      what: ({ sentence }) => sentence,
      'what to do': ({ action }) => action.text,
    },
  })
  addCall(hints, terminal, {
    ...SHOWN,
    verb: 'mute',
    route: 'hints.mute',
    description: 'mute a recommendation until a given time',
    options: {
      until: 'until when; RFC 3339, or a time from now such as 30d',
      falseAlarm: 'mark it as a false positive',
    },
  })
  addCall(hints, terminal, {
    ...SHOWN,
    verb: 'unmute',
    route: 'hints.unmute',
    description: 'unmute a recommendation',
  })
}

function renderHint({ id, sentence, muted }: Hint): readonly string[] {
  return [`✓ ${id} ${muted === null ? 'open' : `muted until ${muted.until}`}: ${sentence}`]
}
