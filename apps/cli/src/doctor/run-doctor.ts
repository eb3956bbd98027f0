// Runs the checks of `doctor` in order: the file, the server, then the endpoints that they or the options name.
import { createCheckingClient } from '@crosswalk/admin-api'
import type { FileProblem } from '@crosswalk/control'

import { readToken } from '../admin/admin-options.ts'
import { toCliError } from '../admin/explain-fault.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import {
  type DecisionQuestion,
  buildModel,
  checkConnections,
  createGuardedSender,
  diagnose,
  DOCTOR_CHECKS,
  type Endpoints,
  findIdp,
  type Finding,
  gatherHealth,
  gatherMachine,
  gatherModel,
  gatherOversight,
  type GuardedSender,
  type Model,
  runChecks,
} from '@crosswalk/lab'
import { dropUndefined } from '@crosswalk/protocol'
import type { CommandTerminal } from '../terminal.ts'
import { checkClientOptions, type ClientOptions, examineClient } from './examine-client.ts'
import { endBy, report, reportChanges, type ReportOptions } from './report-findings.ts'
import { updateState } from './since-last.ts'
import { watchFindings, type WatchOptions } from './watch-findings.ts'
import { writeBundle } from './write-bundle.ts'

export interface DoctorOptions extends ClientOptions, ReportOptions, Pick<WatchOptions, 'for'> {
  readonly server?: string
  readonly resource?: readonly string[]
  readonly upstream?: readonly string[]
  readonly trusted?: readonly string[]
  readonly app?: string
  readonly user?: string
  readonly audience?: string
  readonly scope?: string
  readonly origin?: string
  readonly ignore?: readonly string[]
  readonly bundle?: string
  readonly sinceLast?: string
  readonly watch?: true
}

interface Part {
  readonly findings: readonly Finding[]
  readonly endpoints?: Endpoints
}

export async function runDoctor(terminal: CommandTerminal, options: DoctorOptions): Promise<void> {
  checkIgnored(options.ignore)
  if (options.watch === true && options.output !== 'text')
    throw new CliError(
      EXIT.usage,
      '--watch prints text only',
      'omit -o, or use --since-last FILE in a script',
    )
  checkClientOptions(options)
  const sender = createGuardedSender(terminal, {
    named: options.server === undefined ? [] : [options.server],
    examined: await listExamined(terminal, options),
  })
  try {
    if (options.watch === true) {
      const last = await watchFindings(
        terminal,
        options,
        async () => (await examine({ terminal, sender }, options)).findings,
      )
      return endBy(terminal, last, options.strict)
    }
    const { findings, diagnosis } = await examine({ terminal, sender }, options)
    const { sinceLast } = options
    if (sinceLast === undefined) report(terminal, options, findings)
    else reportChanges(terminal, options, updateState(sinceLast, findings, terminal.nowMs()))
    if (options.bundle !== undefined) await writeBundle(terminal, options.bundle, { findings, diagnosis })
  } finally {
    await sender.close()
  }
}

async function examine(
  { terminal, sender }: Pick<ServerTarget, 'terminal' | 'sender'>,
  options: DoctorOptions,
) {
  const parts = await examineOwn({ terminal, sender }, options)
  const endpoints = mergeEndpoints([...parts.flatMap((part) => part.endpoints ?? []), readNamed(options)])
  const diagnosis = await diagnose({ sender, nowMs: terminal.nowMs, env: terminal.env }, endpoints)
  const ofClient = await examineClient({ terminal, sender }, options, diagnosis)
  const ofMachine = runChecks(DOCTOR_CHECKS.machine, gatherMachine(), { subject: 'this machine' })
  const all = [...ofMachine, ...parts.flatMap(({ findings }) => findings), ...diagnosis.findings, ...ofClient]
  return { findings: all.map((finding) => skipIgnored(finding, options.ignore)), diagnosis }
}

/** The file and the server of the user, which name further endpoints. */
async function examineOwn(
  context: Pick<ServerTarget, 'terminal' | 'sender'>,
  options: DoctorOptions,
): Promise<readonly Part[]> {
  const { config, server } = options
  const question = readQuestion(options)
  return [
    ...(config === undefined ? [] : [await examineFile(context.terminal, config)]),
    ...(server === undefined ? [] : [await examineServer({ ...context, server, question })]),
  ]
}

/** @returns the URLs of the options and of the file */
async function listExamined(terminal: CommandTerminal, options: DoctorOptions): Promise<readonly string[]> {
  const { config } = options
  const ofFile = config === undefined ? undefined : (await examineFile(terminal, config)).endpoints
  const {
    idps,
    servers,
    resources,
    upstreams = [],
  } = mergeEndpoints([...(ofFile === undefined ? [] : [ofFile]), readNamed(options)])
  return [...idps, ...servers, ...resources, ...upstreams.map(({ issuer }) => issuer)]
}

function readNamed(options: DoctorOptions): Endpoints {
  const { idp = [], as: servers = [], resource = [], upstream = [], trusted = [], origin } = options
  return {
    idps: [...idp, ...trusted],
    servers,
    resources: resource,
    upstreams: upstream.map((issuer) => ({ issuer })),
    trusted: trusted.map((issuer) => ({ issuer })),
    ...(origin === undefined ? {} : { origin }),
  }
}

/** A misspelled id would ignore nothing, without anyone noticing. */
function checkIgnored(ids: DoctorOptions['ignore'] = []): void {
  const checks: readonly (readonly { readonly id: string }[])[] = Object.values(DOCTOR_CHECKS)
  const known = new Set(['F01', ...checks.flat().map(({ id }) => id)])
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw new CliError(
      EXIT.usage,
      `no check has the id ${unknown.join(', ')}`,
      'take it from the first column',
    )
}

function skipIgnored(finding: Finding, ignored: DoctorOptions['ignore'] = []): Finding {
  const { id, title, subject, result } = finding
  if (result === 'pass' || !ignored.includes(id)) return finding
  return { id, title, subject, result: 'skipped', because: '--ignore' }
}

function readQuestion({ app, user, audience, resource, scope }: DoctorOptions): DecisionQuestion | undefined {
  if (app === undefined && user === undefined) return undefined
  if (app === undefined || user === undefined || audience === undefined)
    throw new CliError(EXIT.usage, 'incomplete question', 'use --app, --user and --audience together')
  const [first] = resource ?? []
  return {
    app,
    user,
    audience,
    ...dropUndefined({ resource: first, scope }),
  }
}

async function examineFile(terminal: CommandTerminal, file: string): Promise<Part> {
  // Loads most of the server, which no other check needs.
  const { loadConfiguration } = await import('@crosswalk/control')
  const { configuration, problems } = loadConfiguration(file, terminal.env)
  const ofFile = problems.map(toFinding)
  const passed: Finding = { id: 'F01', title: 'the configuration file', subject: file, result: 'pass' }
  if (configuration === undefined) return { findings: ofFile }
  const { idp, authorizationServers } = configuration
  const { apps = [], connections = [], resourceApps = [] } = idp ?? {}
  const issuer = idp === undefined ? {} : { idp: idp.issuer }
  const model = buildModel({ apps, connections, resourceApps, authorizationServers, ...issuer })
  const upstreams = (idp?.subjectIssuers ?? [])
    .filter(({ jwks }) => jwks === undefined)
    .map((entry) => ({ issuer: entry.issuer, entry }))
  return toPart({ ...model, endpoints: { ...model.endpoints, upstreams } }, [
    ...(problems.length === 0 ? [passed] : ofFile),
  ])
}

function toFinding({ severity, file, line, what, fix }: FileProblem): Finding {
  return {
    id: 'F01',
    title: 'the configuration file',
    subject: `${file}:${line}`,
    result: severity === 'error' ? 'fail' : 'warn',
    what,
    why:
      severity === 'error' ? 'The server does not start with it.' : 'The server starts, but not as intended.',
    fix,
  }
}

interface ServerTarget {
  readonly terminal: CommandTerminal
  readonly sender: GuardedSender
  readonly server: string
  readonly question: DecisionQuestion | undefined
}

async function examineServer({ terminal, sender, server, question }: ServerTarget): Promise<Part> {
  const health = runChecks(DOCTOR_CHECKS.health, await gatherHealth(sender, server), { subject: server })
  const hasToken = (terminal.env.CROSSWALK_ADMIN_TOKEN ?? '') !== ''
  const isUp = health.every(({ result }) => result === 'pass')
  if (!isUp || !hasToken) {
    if (question !== undefined && isUp)
      throw new CliError(EXIT.signIn, 'no token for the admin API', 'set CROSSWALK_ADMIN_TOKEN')
    return { findings: health, endpoints: { idps: isUp ? [server] : [], servers: [], resources: [] } }
  }
  const client = createCheckingClient({ baseUrl: server, token: readToken(terminal) })
  try {
    const { body: apps } = await client.call('apps.list', { query: { limit: 1 } })
    const model = await gatherModel(client, await findIdp(sender, server, { hasApps: apps.items.length > 0 }))
    const evidence = await gatherOversight(client, { server, question, nowMs: terminal.nowMs() })
    const oversight = runChecks(DOCTOR_CHECKS.oversight, evidence, { subject: server })
    return toPart(model, [...health, ...oversight])
  } catch (error) {
    throw toCliError(error, server)
  }
}

function toPart({ endpoints, connections }: Model, findings: readonly Finding[]): Part {
  return { findings: [...findings, ...checkConnections(connections)], endpoints }
}

function mergeEndpoints(all: readonly Endpoints[]): Endpoints {
  const merge = (read: (endpoints: Endpoints) => readonly string[]) => [...new Set(all.flatMap(read))]
  const [origin] = all.flatMap((endpoints) => endpoints.origin ?? [])
  return {
    idps: merge(({ idps }) => idps),
    servers: merge(({ servers }) => servers),
    resources: merge(({ resources }) => resources),
    upstreams: all.flatMap(({ upstreams = [] }) => upstreams),
    trusted: all.flatMap(({ trusted = [] }) => trusted),
    ...(origin === undefined ? {} : { origin }),
  }
}
