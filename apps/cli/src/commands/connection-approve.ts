// `crosswalk connection approve` and `revoke-approval`: scopes that need approval, for what they mean now.
import type { Command } from 'commander'

import { addCall } from '../admin/route-commands.ts'
import { renderObject } from '../admin/show-object.ts'
import type { CommandTerminal } from '../terminal.ts'

const SHOWN = {
  schema: 'crosswalk.connection/v1',
  options: { scopes: { flags: '--scope <scopes...>', description: 'the scopes' } },
  render: renderObject,
} as const

export function addApprove(group: Command, terminal: CommandTerminal): void {
  addCall(group, terminal, {
    ...SHOWN,
    verb: 'approve',
    route: 'connections.approve-scopes',
    description: 'approve the current meaning of scopes, which `show` prints',
    prepare: async ({ client }, { params: { id = '' } }) => {
      const { etag = '' } = await client.call('connections.read', { params: { id } })
      return { ifMatch: etag }
    },
  })
  addCall(group, terminal, {
    ...SHOWN,
    verb: 'revoke-approval',
    route: 'connections.revoke-approvals',
    description: 'revoke approvals of scopes; tokens issued earlier work until they expire',
  })
}
