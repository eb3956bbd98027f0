// `crosswalk recommendations`: lists and mutes recommendations.
import type { Recommendation } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'

const SHOWN = { schema: 'crosswalk.recommendation/v1', render: renderRecommendation } as const

export function addRecommendationCommands(program: Command, terminal: CommandTerminal): void {
  const recommendations = program
    .command('recommendations')
    .description('list recommendations, and mute them')
  addList(recommendations, terminal, {
    route: 'recommendations.list',
    description: 'list recommendations, most urgent first',
    options: {
      state: 'only those in this state',
      severity: 'only those of this severity',
      rule: 'only those of this rule',
      mine: 'only those about your objects',
    },
    schema: 'crosswalk.recommendations/v1',
    columns: {
      id: ({ id }) => id,
      severity: ({ severity }) => severity,
      rule: ({ rule }) => rule,
      what: ({ sentence }) => sentence,
      'what to do': ({ action }) => action.text,
    },
  })
  addCall(recommendations, terminal, {
    ...SHOWN,
    verb: 'mute',
    route: 'recommendations.mute',
    description: 'mute a recommendation until a given time',
    options: {
      until: 'until when; RFC 3339, or a time from now such as 30d',
      falseAlarm: 'mark it as a false positive',
    },
  })
  addCall(recommendations, terminal, {
    ...SHOWN,
    verb: 'unmute',
    route: 'recommendations.unmute',
    description: 'unmute a recommendation',
  })
}

function renderRecommendation({ id, sentence, muted }: Recommendation): readonly string[] {
  return [`✓ ${id} ${muted === null ? 'open' : `muted until ${muted.until}`}: ${sentence}`]
}
