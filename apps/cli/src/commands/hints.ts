// `crosswalk hints`: what rules found that deserves a look, and mutes of it.
import type { Hint } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'

const SHOWN = { schema: 'crosswalk.hint/v1', render: renderHint } as const

export function addHintCommands(program: Command, terminal: CommandTerminal): void {
  const hints = program.command('hints').description('what you may want to look at, and why')
  addList(hints, terminal, {
    route: 'hints.list',
    description: 'list hints, what cannot wait first',
    options: {
      state: 'only those in this state',
      severity: 'only those of this severity',
      rule: 'only those of this rule',
      mine: 'only those that concern you',
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
    description: 'mute a hint until a moment',
    options: {
      until: 'when it is open again; RFC 3339, or a time from now such as 30d',
      falseAlarm: 'the rule was wrong here',
    },
  })
  addCall(hints, terminal, {
    ...SHOWN,
    verb: 'unmute',
    route: 'hints.unmute',
    description: 'end the mute of a hint',
  })
}

function renderHint({ id, sentence, muted }: Hint): readonly string[] {
  return [`✓ ${id} ${muted === null ? 'open' : `muted until ${muted.until}`}: ${sentence}`]
}
