// `crosswalk request`: access requests, created for a user and decided.
import type { AccessRequest, AskedUsers } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'
import { noteGranted } from './grant.ts'

const SHOWN = { schema: 'crosswalk.access-request/v1', render: renderRequest } as const

export function addRequestCommands(program: Command, terminal: CommandTerminal): void {
  const request = program.command('request').description('request access, and decide requests')
  addList(request, terminal, {
    route: 'access-requests.list',
    description: 'list requests for access, oldest first',
    options: { state: 'only those in this state', mine: 'only those that you can decide' },
    schema: 'crosswalk.access-requests/v1',
    columns: {
      id: ({ id }) => id,
      state: ({ state }) => state,
      user: ({ user }) => user,
      app: ({ app }) => app,
      'resource app': ({ resourceApp }) => resourceApp,
      scopes: ({ scopes }) => scopes,
      'asked by': ({ askedBy }) => askedBy,
      why: ({ reason }) => reason,
    },
  })
  addCall(request, terminal, {
    ...SHOWN,
    verb: 'show',
    route: 'access-requests.read',
    description: 'show a request',
  })
  addCall(request, terminal, {
    ...SHOWN,
    verb: 'create',
    route: 'access-requests.create',
    description: 'request access to a resource app for a user, through an app',
    options: { reason: 'why' },
  })
  addCall(request, terminal, {
    verb: 'preview',
    route: 'access-requests.preview',
    description: 'show what approval rules would do with a request',
    schema: 'crosswalk.access-request-outlook/v1',
    render: ({ outcome, sentence }) => [`${outcome}  ${sentence}`],
  })
  addCall(request, terminal, {
    ...SHOWN,
    verb: 'approve',
    route: 'access-requests.approve',
    description: 'approve a request: the user gets an access grant',
    options: {
      scopes: {
        flags: '--scope <scopes>',
        description: 'fewer scopes than requested',
        parse: (it) => it.split(/\s+/).filter(Boolean),
      },
      until: 'when access ends; RFC 3339, or a time from now such as 30d',
    },
    overridesTests: true,
    note: ({ check, granted }) => noteGranted({ check, until: granted?.until }),
  })
  addCall(request, terminal, {
    ...SHOWN,
    verb: 'comment',
    route: 'access-requests.comment',
    description: 'ask the requester, or answer as the requester',
  })
  addCall(request, terminal, {
    ...SHOWN,
    verb: 'delegate',
    route: 'access-requests.delegate',
    description: 'ask a colleague to decide a request',
  })
  addCall(request, terminal, {
    ...SHOWN,
    verb: 'decline',
    alias: 'deny',
    route: 'access-requests.decline',
    description: 'decline a request',
  })
}

function renderRequest(request: AccessRequest & { readonly asked?: AskedUsers }): readonly string[] {
  const { id, state, user, app, resourceApp, scopes, reason, askedBy, askedAt, granted, days } = request
  const {
    asked,
    waits,
    delegations = [],
    comments = [],
    decidedBy,
    decidedAt = '',
    decisionReason = 'no reason given',
  } = request
  return [
    `${id}  ${state}`,
    `  for      ${user} through ${app} at ${resourceApp}: ${scopes.join(' ')}${days === undefined ? '' : `, for ${days} days`}`,
    `  asked    by ${askedBy} at ${askedAt}: ${reason}`,
    ...(waits === undefined ? [] : [`  waits    rule ${waits.rule} did not approve: ${waits.why}`]),
    ...(asked === undefined ? [] : [`  decides  ${renderAsked(asked)}`]),
    ...delegations.map(
      ({ to, by, at, reason: why }) =>
        `  delegated to ${to} by ${by} at ${at}${why === undefined ? '' : `: ${why}`}`,
    ),
    ...comments.map(({ by, at, text }) => `  comment  by ${by} at ${at}: ${text}`),
    ...(decidedBy === undefined ? [] : [`  decided  by ${decidedBy} at ${decidedAt}: ${decisionReason}`]),
    ...(granted === undefined
      ? []
      : [
          `  granted  ${granted.grant}: ${granted.scopes.join(' ')} over ${granted.connection}${granted.until === undefined ? '' : ` until ${granted.until}`}`,
        ]),
  ]
}

function renderAsked({ users, escalation }: AskedUsers): string {
  const later = escalation === undefined ? '' : `; from ${escalation.at} also ${escalation.to.join(', ')}`
  return `${users.join(' or ')}${later}`
}
