// `crosswalk connection prove`: runs the flow of one connection, with its parties read from the definitions.
import type { AdminClient } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { FlowOptions } from '../flow/run-flow.ts'
import type { CommandTerminal } from '../terminal.ts'
import { addCredentialOptions, addSendScopeOption } from './flow.ts'

type ProveOptions = AdminOptions &
  Omit<FlowOptions, 'output' | 'portBase'> & { readonly output: 'text' | 'json' }

export function addProve(group: Command, terminal: CommandTerminal): void {
  const command = group
    .command('prove')
    .description('run the real flow over a connection for one of its users, and show whether it works')
    .argument('<id>', 'id')
    .option('--resource <uri>', 'one of its resources; default: the first')
    .option('--scope <scopes>', 'scopes, separated by spaces; default: all of the connection')
    .option('--call <url>', 'URL to call with the access token; default: the resource')
    .option('--no-call', 'skip the call')
  addAdminOptions(addCredentialOptions(addSendScopeOption(command))).action(
    (id: string, options: ProveOptions) =>
      withAdmin(terminal, options, async ({ client }) => {
        const parties = await findParties(terminal, client, { id, server: options.server })
        const before = await readProof(client, id)
        const { runFlow } = await import('../flow/run-flow.ts')
        await runFlow(terminal, { ...parties, ...options, portBase: 0, explainAt: options.server })
        const after = await readProof(client, id)
        const isProved = after !== undefined && after !== before
        terminal.writeErr(
          sanitize(
            isProved
              ? `✓ connection ${id} proved at ${after}`
              : `✕ no exchange over connection ${id} was allowed`,
          ).concat('\n'),
        )
        if (!isProved) terminal.endWith(EXIT.negative)
      }),
  )
}

/** @returns the time of the last allowed exchange over the connection */
async function readProof(client: AdminClient, id: string): Promise<string | undefined> {
  const { body } = await client.call('connections.facts', { query: { ids: id } })
  return body.items[0]?.lastUsedAt ?? undefined
}

async function findParties(
  terminal: CommandTerminal,
  client: AdminClient,
  { id, server }: { readonly id: string; readonly server: string },
) {
  const { body: connection } = await client.call('connections.read', { params: { id } })
  const { app, resourceApp, clientId, resources, scopes } = connection
  if (clientId === undefined)
    throw new CliError(
      EXIT.conflict,
      sanitize(`connection ${id} has no client id at the resource, so no token is issued`),
      `npx crosswalk connection update ${id} --client-id …`,
    )
  const { body: target } = await client.call('resource-apps.read', { params: { id: resourceApp } })
  // A role that may not see it can still prove with the credentials of the app.
  const places = await client.call('connections.proof-credentials', { params: { id } }).catch(() => undefined)
  const inBody = places?.body.atResource.inBody === true
  const { createGuardedSender, findIdp } = await import('@crosswalk/lab')
  const sender = createGuardedSender(terminal, { named: [server] })
  try {
    const idp = await findIdp(sender, server, { hasApps: true })
    const [resource] = resources
    return {
      ...(idp === undefined ? {} : { idp }),
      ...{ as: target.issuer, clientId: app, asClientId: clientId },
      ...(inBody ? { asSecretPost: true as const } : {}),
      ...(resource === undefined ? {} : { resource }),
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    }
  } finally {
    await sender.close()
  }
}
