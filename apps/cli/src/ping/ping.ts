// Runs the checks of one connection in three layers: a request fails at the first broken one. Reads public documents and
// definitions, simulates the decision, and sends no credential of the app.
import { type AdminClient, type AnswerTo, MAX_PAGE } from '@crosswalk/admin-api'
import {
  buildModel,
  checkConnections,
  createGuardedSender,
  diagnose,
  type Diagnosis,
  DOCTOR_CHECKS,
  type Finding,
  findIdp,
  type GuardedSender,
  isAbout,
  describeRemedy,
} from '@crosswalk/lab'

import { type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { renderFinding } from '../doctor/render-findings.ts'
import { EXIT } from '../exit-codes.ts'
import { count, writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export interface PingOptions extends AdminOptions {
  readonly user?: string
  readonly scope?: string
}

interface Ends {
  readonly app: string
  /** Id of a resource app, or resource identifier */
  readonly resource: string
}

interface Pinged {
  readonly reached: readonly { readonly url: string; readonly ms: number; readonly ok: boolean }[]
  readonly network: readonly Finding[]
  readonly trust: readonly Finding[]
  /** Absent without a user */
  readonly decision?: {
    readonly outcome: string
    readonly code: string
    readonly summary: string
    readonly scopes: readonly string[]
    readonly fix?: string
  }
}

export async function ping(terminal: CommandTerminal, ends: Ends, options: PingOptions): Promise<void> {
  const sender = createGuardedSender(terminal, { named: [options.server] })
  try {
    await withAdmin(terminal, options, async ({ client }) => {
      const pinged = await examine({ terminal, sender, client }, ends, options)
      if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.ping/v1', ...pinged })
      else terminal.writeOut(renderPing(pinged))
      const { reached, trust, decision } = pinged
      if (reached.some(({ ok }) => !ok)) terminal.endWith(EXIT.network)
      else if (hasFailed(trust) || (decision !== undefined && decision.outcome !== 'allow'))
        terminal.endWith(EXIT.negative)
    })
  } finally {
    await sender.close()
  }
}

interface Means {
  readonly terminal: CommandTerminal
  readonly sender: GuardedSender
  readonly client: AdminClient
}

async function examine(
  { terminal, sender, client }: Means,
  ends: Ends,
  options: PingOptions,
): Promise<Pinged> {
  const { body: app } = await client.call('apps.read', { params: { id: ends.app } })
  const target = await findTarget(client, ends.resource)
  const idp = await findIdp(sender, options.server, { hasApps: true })
  const resource = target.id === ends.resource ? target.resources[0]?.id : ends.resource
  const resources = resource === undefined ? [] : [resource]
  const diagnosis = await diagnose(
    { sender, nowMs: terminal.nowMs },
    {
      idps: idp === undefined ? [] : [idp],
      servers: [target.issuer],
      // Resource identifiers may be any URI; only URLs can be requested.
      resources: resources.filter((it) => /^https?:/.test(it)),
    },
  )
  const isNetwork = ({ id }: Finding) => DOCTOR_CHECKS.network.some((check) => check.id === id)
  const network = diagnosis.findings.filter(isNetwork)
  const ofConnection = await checkBothEnds(client, { idp, app, target })
  const asked = { app: app.id, audience: target.issuer, resource: resources }
  return {
    reached: listReached(diagnosis, network),
    network,
    trust: [...diagnosis.findings.filter((finding) => !isNetwork(finding)), ...ofConnection],
    ...(options.user === undefined ? {} : { decision: await decide({ client, terminal }, asked, options) }),
  }
}

type Target = Awaited<ReturnType<typeof findTarget>>

/** Only an authorization server on the same Crosswalk can be compared. */
async function checkBothEnds(
  client: AdminClient,
  {
    idp,
    app,
    target,
  }: {
    readonly idp: string | undefined
    readonly app: AnswerTo<'apps.read'>
    readonly target: Target
  },
): Promise<readonly Finding[]> {
  const [connections, servers] = await Promise.all([
    client.call('connections.list', { query: { app: app.id, resourceApp: target.id } }),
    client.call('authorization-servers.list', { query: { limit: MAX_PAGE } }),
  ])
  const model = buildModel({
    apps: [app],
    connections: connections.body.items,
    resourceApps: [target],
    authorizationServers: servers.body.items,
    ...(idp === undefined ? {} : { idp }),
  })
  return checkConnections(model.connections)
}

async function findTarget(client: AdminClient, resource: string) {
  const [byId, byIdentifier] = await Promise.all([
    client.call('resource-apps.list', { query: { ids: resource } }),
    client.call('resource-apps.list', { query: { resource } }),
  ])
  const [target] = [...byId.body.items, ...byIdentifier.body.items]
  if (target !== undefined) return target
  throw new CliError(
    EXIT.notFound,
    sanitize(`there is no resource app or resource ${resource}`),
    'list them with `npx crosswalk resource list`',
  )
}

function listReached(
  { idps, servers, resources }: Diagnosis,
  network: readonly Finding[],
): Pinged['reached'] {
  const times = [
    ...[...idps, ...servers].map(({ issuer, tried }) => ({ url: issuer, ms: tried[0]?.ms ?? 0 })),
    ...resources.map(({ resource, challenge }) => ({ url: resource, ms: challenge.ms })),
  ]
  return times.map(({ url, ms }) => ({
    ...{ url, ms: Math.round(ms) },
    ok: !hasFailed(network.filter((finding) => isAbout(finding, url))),
  }))
}

const hasFailed = (findings: readonly Finding[]) => findings.some(({ result }) => result === 'fail')

async function decide(
  { client, terminal }: Pick<Means, 'client' | 'terminal'>,
  asked: { readonly app: string; readonly audience: string; readonly resource: string[] },
  { user = '', scope }: PingOptions,
) {
  const { body } = await client.call('simulate', {
    body: { ...asked, user, ...(scope === undefined ? {} : { scope }) },
  })
  const { outcome, code, summary, granted, remedies } = body
  const [remedy] = remedies
  const fix = describeRemedy(remedy, terminal.suggest)
  return {
    ...{ outcome, code, summary: summary.admin, scopes: granted?.scope ?? [] },
    ...(fix === undefined ? {} : { fix }),
  }
}

const sign = (ok: boolean) => (ok ? '✓' : '✕')

function renderPing({ reached, network, trust, decision }: Pinged): string {
  const passed = trust.filter(({ result }) => result === 'pass').length
  const lines = [
    ...layer('network', [
      ...reached.map(({ url, ms, ok }) => `${sign(ok)} ${url}${ok ? `  ${ms} ms` : ''}`),
      ...listProblems(network),
    ]),
    ...layer('trust', [
      `${sign(!hasFailed(trust))} ${count(passed, 'check')} passed`,
      ...listProblems(trust),
    ]),
    ...layer('policy', renderDecision(decision)),
  ]
  return `${lines.map(sanitize).join('\n')}\n`
}

function renderDecision(decision: Pinged['decision']): readonly string[] {
  if (decision === undefined) return ['– not checked without --user']
  const { outcome, code, summary, scopes, fix } = decision
  if (outcome === 'allow') return [`${sign(true)} ${code} ${scopes.join(' ')}`]
  return [`${sign(false)} ${code} ${summary}`, ...(fix === undefined ? [] : [`fix  ${fix}`])]
}

function layer(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd('network  '.length)}${line}`)
}

function listProblems(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ result }) => result === 'fail' || result === 'warn').flatMap(renderFinding)
}
