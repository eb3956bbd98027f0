// `crosswalk decisions`: lists or follows decisions.
import type { Command } from 'commander'

import { addList, addTail } from '../admin/route-commands.ts'
import { renderDecisionLine } from '../decision/render-decision.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addDecisionCommands(program: Command, terminal: CommandTerminal): void {
  const decisions = program.command('decisions').description('list and follow decisions')
  addList(decisions, terminal, {
    route: 'decisions.list',
    description: 'list decisions, newest first',
    options: { outcome: 'only this outcome' },
    schema: 'crosswalk.decisions/v1',
    limit: 50,
    columns: {
      time: ({ time }) => time,
      outcome: ({ outcome }) => outcome,
      code: ({ code }) => code,
      stage: ({ stage }) => stage,
      app: ({ request }) => request.requesting_app?.id,
      user: ({ request: { subject } }) => subject?.display ?? subject?.ref,
      'resource app': ({ resolution }) => resolution.resource_app,
      scopes: ({ granted }) => granted?.scope,
      connection: ({ resolution }) => resolution.connection,
      decision: ({ decision_id: id }) => id,
      why: ({ summary }) => summary.admin,
    },
    line: renderDecisionLine,
  })
  addTail(decisions, terminal, {
    route: 'decisions.list',
    description: 'follow decisions as they are made',
    options: { outcome: 'only this outcome' },
    idOf: ({ decision_id: id }) => id,
    timeOf: ({ time }) => time,
    render: renderDecisionLine,
  })
}
