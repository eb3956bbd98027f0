// `crosswalk grant`: access grants, which give one user some scopes over one connection until a given time.
import type { AccessGrantView, AnswerTo } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'

const UNTIL = 'when access ends; RFC 3339, or a time from now such as 30d'
const SHOWN = { schema: 'crosswalk.access-grant/v1', render: renderGrant } as const

export function addGrantCommands(program: Command, terminal: CommandTerminal): void {
  const grant = program.command('grant').description('manage access grants: one user, one connection')
  addList(grant, terminal, {
    route: 'access-grants.list',
    description: 'list access grants, oldest first',
    options: { active: 'only active grants' },
    schema: 'crosswalk.access-grants/v1',
    columns: {
      id: ({ id }) => id,
      state: ({ state }) => state,
      user: ({ user }) => user,
      connection: ({ connection }) => connection,
      scopes: ({ scopes }) => scopes,
      until: ({ until }) => until,
      'granted by': ({ by }) => by,
      why: ({ reason }) => reason,
    },
  })
  addCall(grant, terminal, {
    ...SHOWN,
    verb: 'show',
    route: 'access-grants.read',
    description: 'show an access grant',
  })
  addCall(grant, terminal, {
    ...SHOWN,
    verb: 'create',
    route: 'access-grants.create',
    description: 'grant a user access over a connection, effective immediately',
    options: { until: UNTIL },
    overridesTests: true,
    note: ({ check, until }) => noteGranted({ check, until }),
  })
  addCall(grant, terminal, {
    ...SHOWN,
    verb: 'revoke',
    route: 'access-grants.revoke',
    description: 'revoke an access grant, and the access tokens issued under it',
    note: ({ revokedTokens }) => [`access tokens revoked: ${revokedTokens}`],
  })
}

/** Warnings if access is still denied for another reason, or never ends. */
export function noteGranted({
  check,
  until,
}: {
  readonly check: AnswerTo<'access-grants.create'>['check']
  readonly until: string | undefined
}): readonly string[] {
  return [
    ...(check.outcome === 'allow' ? [] : [`still denied: ${check.code} ${check.admin}`]),
    ...(until === undefined ? ['this access does not expire: use --until to set an end'] : []),
  ]
}

function renderGrant(grant: AccessGrantView): readonly string[] {
  const { id, state, user, connection, scopes, until, by, at, reason, over } = grant
  return [
    `${id}  ${state}`,
    `  allows   ${user} ${scopes.join(' ')} over ${connection}${until === undefined ? '' : ` until ${until}`}`,
    `  granted  by ${by} at ${at}: ${reason ?? 'no reason given'}`,
    ...(over === undefined
      ? []
      : [`  ${state.padEnd(7)}  by ${over.by} at ${over.at}: ${over.reason ?? 'no reason given'}`]),
  ]
}
