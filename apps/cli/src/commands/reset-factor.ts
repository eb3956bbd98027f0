// `crosswalk user reset-factor`: takes away the second factors of a person who lost them.
import type { FactorReset } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addResetFactor(group: Command, terminal: CommandTerminal): void {
  const command = group
    .command('reset-factor')
    .description('take away the second factors that one enrolled, and end their sessions')
    .argument('<id>', 'id')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((id: string, options: AdminOptions & { reason: string }) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { reason } = options
      const { body } = await client.call('users.resetFactors', { params: { id }, body: { reason } })
      if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.factor-reset/v1', ...body })
      else terminal.writeOut(`${sanitize(describe(body))}\n`)
    }),
  )
}

function describe({ id, removed, keptOfFile, endedSessions }: FactorReset): string {
  const passkeys = removed.passkeys === 1 ? '1 passkey' : `${removed.passkeys} passkeys`
  const taken = [
    ...(removed.authenticatorApp ? ['authenticator app'] : []),
    ...(removed.passkeys > 0 ? [passkeys] : []),
  ].join(' and ')
  const kept = keptOfFile ? '; the secret in the configuration file stays' : ''
  if (!endedSessions) return `✓ user ${id} had no second factor`
  return `✓ user ${id}: ${taken} taken away, sessions ended${kept}`
}
