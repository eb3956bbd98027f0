// `crosswalk flow run`: runs the flow leg by leg, against the demo world or any servers, with an optional injected
// fault.
import { isBlockedPort } from '@crosswalk/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'

import type { FlowOptions } from '../flow/run-flow.ts'
import { outputOption } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addFlowCommands(program: Command, terminal: CommandTerminal): void {
  const flow = program.command('flow').description('run the flow leg by leg')
  addPartyOptions(
    flow
      .command('run')
      .description(
        'exchange an ID token, redeem the ID-JAG and call the API, showing each leg; --break breaks one',
      ),
  )
    .option('--break <fault>', 'inject a fault; `list` lists the faults, `all` tries each')
    .addOption(outputOption(['junit']))
    .action(async (options: FlowOptions) => {
      const { runFlow } = await import('../flow/run-flow.ts')
      await runFlow(terminal, options)
    })
}

/** The parties, their credentials, and whether faults may be sent to them. */
function addPartyOptions(command: Command): Command {
  return addFaultOptions(addCredentialOptions(addSlotOptions(command)))
}

export function addSlotOptions(command: Command): Command {
  const slots = command
    .option('--demo <user>', 'as this user of the running demo world; needs no other options')
    .option('--port-base <number>', 'first port of the demo world', parsePort, 4000)
    .option('--demo-data <folder>', 'folder of the demo world; default: data/demo/PORT')
    .option('--idp <issuer>', 'the identity provider')
    .option('--as <issuer>', 'the authorization server of the resource')
    .option('--client-id <id>', 'client id of the app at the IdP')
    .option('--as-client-id <id>', 'client id of the app at the authorization server; default: the same')
    .option('--resource <uri>', 'the resource; default: none')
    .option('--scope <scopes>', 'scopes, separated by spaces')
    .option('--call <url>', 'URL to call with the access token; default: --resource')
    .option('--no-call', 'skip the call')
  return addSendScopeOption(slots)
}

export function addSendScopeOption(command: Command): Command {
  return command.option('--send-scope', 'send the scopes at redemption too; default: to Keycloak only')
}

export function addFaultOptions(command: Command): Command {
  return command
    .option('--i-own-this', 'send faults to servers that are not on this machine')
    .option(
      '--explain-at <url>',
      'Crosswalk whose decision records explain failures; needs CROSSWALK_ADMIN_TOKEN',
    )
}

/** How the user signs in, and how the app authenticates to both servers. */
export function addCredentialOptions(command: Command): Command {
  return addProofOptions(addIdTokenOption(command))
    .option('--sign-in', 'get the ID token by signing in with a browser')
    .addOption(
      new Option(
        '--redirect-uri <uri>',
        'redirect URI, as registered; without a port, any free port',
      ).default('http://127.0.0.1/callback'),
    )
}

export function addIdTokenOption(command: Command): Command {
  return command.option(
    '--id-token <file>',
    'file with the ID token; - for standard input, or CROSSWALK_ID_TOKEN',
  )
}

/** How the app authenticates to both servers. */
export function addProofOptions(command: Command): Command {
  return command
    .option('--idp-secret <file>', 'file with the secret at the IdP; or CROSSWALK_IDP_SECRET')
    .option('--as-secret <file>', 'file with the secret at the authorization server; or CROSSWALK_AS_SECRET')
    .option('--idp-secret-post', 'send it in the body; default: as the metadata says, else by HTTP Basic')
    .option('--as-secret-post', 'the same for the authorization server')
    .option('--idp-key <file>', 'file with the private key at the IdP, JWK or PEM')
    .option('--as-key <file>', 'file with the private key at the authorization server')
    .addOption(assertionAudience('idp', 'the IdP'))
    .addOption(assertionAudience('as', 'the authorization server'))
}

function assertionAudience(side: 'idp' | 'as', server: string): Option {
  return new Option(`--${side}-assertion-audience <audience>`, `audience of client assertions for ${server}`)
    .choices(['issuer', 'token-endpoint'])
    .default('issuer')
}

/** For pages, which cannot be opened on a port that browsers block. */
export function parsePagePort(text: string): number {
  const port = parsePort(text)
  if (isBlockedPort(port)) throw new InvalidArgumentError('Browsers block this port; use 14010.')
  return port
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_531)
    throw new InvalidArgumentError('Write a port from 1 to 65531.')
  return port
}
