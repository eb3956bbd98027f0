// Reads the settings of a flow from options, files, the environment, or the folder of the demo world. Secrets never
// come from options, and each secret belongs to one issuer.
import { existsSync } from 'node:fs'

import { clientSecret } from '@crosswalk/client'
import type { DemoTarget, Settings } from '@crosswalk/lab'
import { isIssuerIdentifier } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { type ProofOptions, readProofs } from '../credentials/read-proofs.ts'
import { EXIT } from '../exit-codes.ts'
import { readTextFile, type Terminal } from '../terminal.ts'

export interface SettingOptions extends ProofOptions {
  readonly demo?: string
  readonly portBase: number
  readonly demoData?: string
  readonly idp?: string
  readonly as?: string
  readonly clientId?: string
  readonly asClientId?: string
  readonly resource?: string
  readonly scope?: string
  readonly sendScope?: boolean
  /** `true` if `--no-call` is not given */
  readonly call: string | boolean
  readonly explainAt?: string
}

export function readSettings(terminal: Pick<Terminal, 'env'>, options: SettingOptions): Settings {
  return options.demo === undefined ? readOwn(terminal, options) : readDemo(options, options.demo)
}

/** @returns the URLs of the options, whose hosts may be in a private network */
export function listNamed({ idp, as, resource, call }: SettingOptions): readonly string[] {
  return [idp, as, resource, call].filter((url) => typeof url === 'string')
}

function readOwn({ env }: Pick<Terminal, 'env'>, options: SettingOptions): Settings {
  const { idp, as: server, clientId, asClientId = clientId, resource, scope, sendScope } = options
  if (idp === undefined || server === undefined || clientId === undefined || asClientId === undefined)
    throw new CliError(
      EXIT.usage,
      'no servers given',
      'use --idp, --as and --client-id, or --demo alice while the demo world runs',
    )
  const auth = readProofs({ env }, options)
  const token = env.CROSSWALK_ADMIN_TOKEN
  const explain = options.explainAt
  if (explain !== undefined && (token === undefined || token === ''))
    throw new CliError(EXIT.signIn, 'no token for --explain-at', 'set CROSSWALK_ADMIN_TOKEN')
  if (explain !== undefined && !isIssuerIdentifier(explain))
    throw new CliError(
      EXIT.usage,
      `${explain} must not receive a token`,
      'use an https URL, or http for loopback',
    )
  return {
    idp: { issuer: idp, clientId, auth: auth.idp },
    as: { issuer: server, clientId: asClientId, auth: auth.as, sendScope },
    resource,
    scope,
    call: readCall(options, resource),
    ...(explain === undefined || token === undefined ? {} : { explain: { url: explain, token } }),
  }
}

function readCall({ call }: SettingOptions, resource: string | undefined): string | undefined {
  if (call === false) return undefined
  const url = typeof call === 'string' ? call : resource
  // A resource identifier may be any URI; only URLs can be called.
  return url !== undefined && /^https?:/.test(url) ? url : undefined
}

interface DemoSecrets {
  readonly passwords: Readonly<Record<string, string>>
  readonly clients: Readonly<Record<string, string>>
}

/** @returns the file where the demo world stores its credentials, so that they need not be typed */
export function findDemoSecrets({ portBase, demoData = `data/demo/${portBase}` }: SettingOptions): string {
  return `${demoData}/secrets.json`
}

function readDemoSecrets(options: SettingOptions): DemoSecrets {
  const file = findDemoSecrets(options)
  if (!existsSync(file))
    throw new CliError(
      EXIT.usage,
      `no demo world has run here: ${file} is missing`,
      `name its folder with --demo-data, or start it and run this in its checkout: npx crosswalk demo --port-base ${options.portBase}`,
    )
  return JSON.parse(readTextFile(file)) as DemoSecrets
}

function readDemo(options: SettingOptions, username: string): Settings {
  const { portBase: base, scope } = options
  const { passwords, clients } = readDemoSecrets(options)
  const at = (offset: number) => `http://127.0.0.1:${base + offset}`
  const password = passwords[username]
  if (password === undefined)
    throw new CliError(
      EXIT.usage,
      `the demo world has no user ${username}`,
      `choose ${Object.keys(passwords).join(', ')}`,
    )
  const resource = options.resource ?? `${at(1)}/mcp`
  return {
    idp: { issuer: at(0), clientId: 'agent0', auth: clientSecret(clients.AGENT0_SECRET ?? '') },
    as: {
      issuer: `${at(2)}/as/todo0`,
      clientId: 'agent0-at-todo0',
      auth: clientSecret(clients.AGENT0_AT_TODO0_SECRET ?? ''),
    },
    resource,
    scope,
    call: readCall(options, resource),
    user: { username, password, redirectUri: `${at(4)}/callback` },
    demo: {
      users: Object.entries(passwords).map(([name, its]) => ({ username: name, password: its })),
      targets: listDemoTargets(at),
    },
    explain: { url: at(0), token: clients.ADMIN_TOKEN ?? '' },
  }
}

function listDemoTargets(at: (offset: number) => string): readonly DemoTarget[] {
  return [
    {
      id: 'todo0',
      resource: `${at(1)}/mcp`,
      scope: undefined,
      connection: 'agent0-todo0',
      tooMuch: { scope: 'todos.read', tool: 'add_todo', input: { title: 'written with a token to read' } },
    },
    {
      id: 'notes0',
      resource: `${at(3)}/mcp`,
      // Requests more than the connection allows.
      scope: 'notes.read notes.write',
      connection: 'agent0-notes0',
      tooMuch: { scope: 'notes.read', tool: 'add_note', input: { text: 'written with a token to read' } },
    },
  ]
}
