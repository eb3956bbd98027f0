// `crosswalk ping`: what keeps an app from a resource: the network, the trust between both servers, or a policy.
import type { Command } from 'commander'

import { addAdminOptions } from '../admin/admin-options.ts'
import type { PingOptions } from '../ping/ping.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addPingCommand(program: Command, terminal: CommandTerminal): void {
  const command = program
    .command('ping')
    .description('check whether an app can reach a resource: network, trust, then policy; no token is issued')
    .argument('<app>', 'the requesting app')
    .argument('<resource>', 'resource app id, or resource identifier')
    .option('--user <id-or-name>', 'the user; without one, no policy is checked')
    .option('--scope <scopes>', 'scopes, separated by spaces; default: all that are allowed')
  addAdminOptions(command).action(async (app: string, resource: string, options: PingOptions) => {
    const { ping } = await import('../ping/ping.ts')
    await ping(terminal, { app, resource }, options)
  })
}
