// `crosswalk connection approve` and `withdraw-approval`: scopes that need approval, for what they mean now.
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { showObject } from '../admin/show-object.ts'
import type { CommandTerminal } from '../terminal.ts'

type ApproveOptions = AdminOptions & { readonly scope: readonly string[]; readonly reason: string }

export function addApprove(group: Command, terminal: CommandTerminal): void {
  const approve = group
    .command('approve')
    .description('approve scopes for what they mean now, which `show` tells')
  addScopes(approve).action((id: string, { scope, reason, ...options }: ApproveOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const params = { id }
      const { etag = '' } = await admin.client.call('connections.read', { params })
      const body = { scopes: [...scope], reason }
      const approved = await admin.client.call('connections.approve-scopes', { params, body, ifMatch: etag })
      showObject(admin, 'connection', approved.body)
    }),
  )
  const withdraw = group
    .command('withdraw-approval')
    .description('take back approvals of scopes; tokens that are out end by themselves')
  addScopes(withdraw).action((id: string, { scope, reason, ...options }: ApproveOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const body = { scopes: [...scope], reason }
      const left = await admin.client.call('connections.withdraw-approvals', { params: { id }, body })
      showObject(admin, 'connection', left.body)
    }),
  )
}

function addScopes(command: Command): Command {
  return addAdminOptions(
    command
      .argument('<id>', 'id')
      .requiredOption('--scope <scopes...>', 'the scopes')
      .requiredOption('--reason <text>', 'why, for the audit log'),
  )
}
