// `crosswalk invitation`: connects two servers by one signed file, created on one side and accepted on the other.
import { type OpenedInvitation, zInvitationFile } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { dropUndefined } from '@crosswalk/protocol'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  overrideOption,
  withAdmin,
} from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { applyMadePlan, planDocument } from '../configuration/apply-plan.ts'
import { renderPlan } from '../configuration/render-plan.ts'
import { EXIT } from '../exit-codes.ts'
import { createTextWriter, writeJson } from '../output.ts'
import { type CommandTerminal, readTextFile } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

interface CreateOptions extends AdminOptions {
  readonly connection?: string
  readonly authorizationServer?: string
  readonly client?: string
  readonly issuer?: string
  readonly contact?: string
  readonly days: number
}

interface AcceptOptions extends AdminOptions {
  readonly app?: string
  readonly everyone?: true
  readonly group?: readonly string[]
  readonly provisioning: 'jit' | 'none' | 'external'
  readonly emailDomain?: readonly string[]
  readonly dryRun?: true
  readonly print?: true
  readonly yes?: true
  readonly reason?: string
}

export function addInvitationCommands(program: Command, terminal: CommandTerminal): void {
  const invitation = program.command('invitation').description('connect two servers with a signed file')
  const create = invitation
    .command('create')
    .description('create an invitation for the other side of a connection, and print it')
    .option('--connection <id>', 'at an identity provider: the connection to share')
    .option('--authorization-server <id>', 'at an authorization server: its id; with --client and --issuer')
    .option('--client <id>', 'client of the app')
    .option('--issuer <url>', 'trusted issuer to invite')
    .option('--contact <text>', 'contact for questions, such as an e-mail address')
    .addOption(
      new Option('--days <number>', 'days until it expires, 1 to 30')
        .default(7)
        .argParser(wholeNumber(1, 30)),
    )
  addAdminOptions(create).action((options: CreateOptions) =>
    withAdmin(terminal, options, (admin) => createInvitation(admin, options)),
  )
  const accept = invitation
    .command('accept')
    .description('verify an invitation, show the plan, and apply it')
    .argument('<file>', 'file that the other side made with `invitation create`')
    .option('--app <id>', 'at an identity provider: the app it is for')
    .option('--everyone', 'at an identity provider: represent every user over the connection')
    .option('--group <id...>', 'at an identity provider: represent members of these groups')
    .addOption(
      new Option('--provisioning <how>', 'at an authorization server: how to handle unknown users')
        .choices(['jit', 'none', 'external'])
        .default('jit'),
    )
    .option('--email-domain <domain...>', 'at an authorization server: e-mail domains the issuer may assert')
    .option('--dry-run', 'show the plan and its problems, and change nothing')
    .option('--print', 'print the plan as a document for `apply`, and change nothing')
    .option('--reason <text>', 'why, for the audit log')
    .option('--yes', 'apply without asking')
    .addOption(overrideOption())
  addAdminOptions(accept).action((file: string, options: AcceptOptions) => {
    const signed = readInvitation(file)
    return withAdmin(terminal, options, (admin) => acceptInvitation(admin, signed, options))
  })
}

async function createInvitation({ client, terminal }: AdminCommand, options: CreateOptions): Promise<void> {
  const { connection, authorizationServer, client: clientId, issuer, contact, days } = options
  const making = { days, ...(contact === undefined ? {} : { contact }) }
  const isComplete = authorizationServer !== undefined && clientId !== undefined && issuer !== undefined
  if ((connection === undefined) !== isComplete)
    throw new CliError(
      EXIT.usage,
      'name the connection, or the authorization server with a client and an issuer',
      'use --connection ID; or --authorization-server ID --client ID --issuer URL',
    )
  const { body } =
    connection === undefined
      ? await client.call('authorization-servers.invite', {
          params: { id: authorizationServer ?? '' },
          body: { client: clientId ?? '', issuer: issuer ?? '', ...making },
        })
      : await client.call('connections.invite', { params: { id: connection }, body: making })
  writeJson(terminal, body.file)
  terminal.writeErr(
    sanitize(
      `send it to ${issuer ?? body.invitation.authorizationServer.issuer}; it contains no secret, and can be accepted until ${body.expiresAt}\n`,
    ),
  )
}

function readInvitation(file: string): string {
  try {
    return zInvitationFile.parse(JSON.parse(readTextFile(file))).signed
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(
      EXIT.usage,
      `${file} is not an invitation`,
      'name a file made with `npx crosswalk invitation create`',
    )
  }
}

async function acceptInvitation(admin: AdminCommand, signed: string, options: AcceptOptions): Promise<void> {
  const { client, terminal } = admin
  const { app, everyone = false, group: groups = [], provisioning, emailDomain: emailDomains = [] } = options
  const assignments = everyone || groups.length > 0 ? { everyone, groups: [...groups], users: [] } : undefined
  const { body: opened } = await client.call('invitations.open', {
    body: {
      signed,
      provisioning,
      emailDomains: [...emailDomains],
      ...dropUndefined({ app, assignments }),
    },
  })
  if (options.print === true) {
    const { escapeReferences } = await import('@crosswalk/control')
    return terminal.writeOut(stringify(escapeReferences(opened.document)))
  }
  const planned = await planDocument(client, opened.document)
  const { plan } = planned
  const show = createTextWriter(terminal, options.output)
  show(renderOpened(opened))
  show(renderPlan(plan))
  const isApplied = await applyMadePlan(admin, planned, options)
  if (isApplied) show('✓ connected\n')
  if (isApplied && opened.secret !== undefined) show(renderSecret(opened, opened.secret))
  if (options.output === 'json')
    writeJson(terminal, { schema: 'crosswalk.accepted-invitation/v1', ...opened, plan })
}

function renderOpened({ invitation, madeBy, expiresAt, notes }: OpenedInvitation): string {
  const { app, resourceApp, authorizationServer, contact } = invitation
  const lines = [
    `✓ signed by ${madeBy}, valid until ${expiresAt}`,
    `${app.name} (client ${app.clientId}) → ${resourceApp.name} (${authorizationServer.issuer})`,
    ...authorizationServer.resources.map(({ id, scopes }) => `  ${id}: ${scopes.join(' ')}`),
    ...(contact === undefined ? [] : [`contact: ${contact}`]),
    ...notes.map((note) => `! ${note}`),
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderSecret({ invitation: { app } }: OpenedInvitation, secret: string): string {
  return sanitize(
    `secret of client ${app.clientId}, shown once; give it to the developer of ${app.name}: ${secret}`,
  ).concat('\n')
}
