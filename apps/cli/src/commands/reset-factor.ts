// `crosswalk user reset-factor`: takes away the second factors of a user who lost them.
import type { FactorReset } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall } from '../admin/route-commands.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addResetFactor(group: Command, terminal: CommandTerminal): void {
  addCall(group, terminal, {
    verb: 'reset-factor',
    route: 'users.resetFactors',
    description: 'remove the second factors of a user, and end their sessions',
    schema: 'crosswalk.factor-reset/v1',
    render: (reset) => [describe(reset)],
  })
}

function describe({ id, removed, keptOfFile, endedSessions }: FactorReset): string {
  const passkeys = removed.passkeys === 1 ? '1 passkey' : `${removed.passkeys} passkeys`
  const taken = [
    ...(removed.authenticatorApp ? ['authenticator app'] : []),
    ...(removed.passkeys > 0 ? [passkeys] : []),
  ].join(' and ')
  const kept = keptOfFile ? '; the secret in the configuration file stays' : ''
  if (!endedSessions) return `✓ user ${id} had no second factor`
  return `✓ user ${id}: ${taken} removed, sessions ended${kept}`
}
