// Runs `flow run`: finds the parties and an ID token, then runs the legs. A fault is tried between two flows without
// it, so that a rejection can only come from the fault.
import {
  beginSignIn,
  createGuardedSender,
  decodeToken,
  type Fault,
  FAULTS,
  type Finding,
  findParty,
  finishSignIn,
  type Flow,
  type FlowRun,
  type GuardedSender,
  ID_TOKEN_CHECKS,
  type JudgedFault,
  type Leg,
  listenForCallback,
  listRemote,
  readCode,
  renderFaultJunit,
  runChecks,
  runLegs,
  type Settings,
  signInByForm,
  stripToken,
  toFaultDocument,
  toLegDocument,
  tryFault,
} from '@crosswalk/lab'
import { toCommandLine, withServer } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { type OutputFormat, writeJson } from '../output.ts'
import { type CommandTerminal, readInput } from '../terminal.ts'
import { listNamed, readSettings, type SettingOptions } from './read-settings.ts'
import { adviseOn, renderCheck, renderFlow, renderJudgement } from './render-flow.ts'

export interface FlowOptions extends SettingOptions {
  readonly idToken?: string
  readonly signIn?: true
  readonly redirectUri: string
  readonly break?: string
  readonly iOwnThis?: true
  readonly output: OutputFormat | 'junit'
}

export async function runFlow(terminal: CommandTerminal, options: FlowOptions): Promise<void> {
  if (options.break === 'list') return listFaults(terminal, options)
  const faults = chooseFaults(options.break)
  if (faults.length === 0 && options.output === 'junit')
    throw new CliError(EXIT.usage, 'junit reports faults only', 'add --break all, or use -o json')
  const settings = readSettings(terminal, options)
  if (faults.length > 0 && options.iOwnThis !== true) requireLocalServers(settings)
  const sender = createGuardedSender(terminal, { named: listNamed(options) })
  try {
    const flow = await findFlow(terminal, settings, sender)
    const idToken = await getIdToken({ terminal, options, settings, flow })
    if (faults.length > 0) await breakFlow({ terminal, options, settings, flow }, idToken, faults)
    else await showFlow({ terminal, options, settings, flow }, idToken)
  } finally {
    await sender.close()
  }
}

/** @throws CliError if a party has no usable metadata */
async function findFlow(
  { nowMs }: Pick<CommandTerminal, 'nowMs'>,
  settings: Settings,
  sender: GuardedSender,
): Promise<Flow> {
  const context = { sender, nowMs }
  const { resource, scope, call } = settings
  const [idp, as] = await Promise.all([
    findParty(context, 'idp', settings.idp),
    findParty(context, 'as', settings.as),
  ])
  return { ...context, idp, as, resource, scope, call }
}

interface Run {
  readonly terminal: CommandTerminal
  readonly options: FlowOptions
  readonly settings: Settings
  readonly flow: Flow
}

function chooseFaults(id: string | undefined): readonly Fault[] {
  if (id === undefined) return []
  if (id === 'all') return FAULTS
  const fault = FAULTS.find((it) => it.id === id)
  if (fault !== undefined) return [fault]
  throw new CliError(EXIT.usage, `no fault ${id}`, `choose ${FAULTS.map((it) => it.id).join(', ')}`)
}

/** To the operator of a server, faults look like attacks. */
function requireLocalServers({ idp, as, call }: Settings): void {
  const [foreign] = listRemote([idp.issuer, as.issuer, ...(call === undefined ? [] : [call])])
  if (foreign !== undefined)
    throw new CliError(
      EXIT.usage,
      `${foreign} is not on this machine`,
      'add --i-own-this if you may send faults there',
    )
}

async function getIdToken({ terminal, options, settings, flow }: Run): Promise<string> {
  const { user } = settings
  if (user !== undefined) {
    const attempt = beginSignIn(flow, user.redirectUri)
    return finishSignIn(flow, attempt, await signInByForm(flow.sender, attempt.url, user))
  }
  if (options.signIn === true) return signInByBrowser(terminal, options, flow)
  const fromEnvironment = terminal.env.CROSSWALK_ID_TOKEN
  if (options.idToken === undefined && fromEnvironment !== undefined && fromEnvironment !== '')
    return stripToken(fromEnvironment)
  const isThere = options.idToken !== undefined || !terminal.isStdinTerminal
  const idToken = isThere ? stripToken(await readInput(terminal, options.idToken)) : ''
  if (idToken === '')
    throw new CliError(EXIT.usage, 'no ID token', 'use --id-token FILE, CROSSWALK_ID_TOKEN or --sign-in')
  return idToken
}

async function signInByBrowser(terminal: CommandTerminal, options: FlowOptions, flow: Flow): Promise<string> {
  const callback = await listenForCallback(options.redirectUri)
  try {
    const attempt = beginSignIn(flow, callback.redirectUri)
    terminal.writeErr(`open this URL and sign in:\n${attempt.url}\n`)
    return await finishSignIn(flow, attempt, await callback.waitFor(attempt.state))
  } finally {
    callback.close()
  }
}

async function showFlow(run: Run, idToken: string): Promise<void> {
  const { terminal, options, flow } = run
  const ofIdToken = checkIdToken(run, idToken)
  const { legs } = await runLegs(flow, idToken)
  const findings = [...ofIdToken, ...legs.flatMap(({ checks }) => checks)]
  const isDone = legs.every(({ outcome }) => outcome === 'done')
  const ok = isDone && findings.every(({ result }) => result !== 'fail')
  if (options.output === 'json')
    writeJson(terminal, {
      schema: 'crosswalk.flow/v1',
      ok,
      id_token_checks: ofIdToken,
      legs: legs.map(toLegDocument),
    })
  else {
    const lines = ofIdToken.flatMap(renderCheck)
    terminal.writeOut(
      `${lines.join('\n')}\n\n${renderFlow({ legs, received: { idToken } }, terminal.nowMs() / 1000)}`,
    )
  }
  if (!isDone) await explainFailure(run, legs)
  if (!ok) terminal.endWith(EXIT.negative)
}

function checkIdToken({ flow, terminal }: Run, idToken: string): readonly Finding[] {
  const answer = { request: { method: 'GET', url: '' }, headers: {}, cookies: [], text: '', ms: 0 } as const
  const evidence = { flow, answer, token: decodeToken(idToken), nowSeconds: terminal.nowMs() / 1000 }
  return runChecks(ID_TOKEN_CHECKS, evidence, { subject: 'ID token' })
}

async function explainFailure({ terminal, settings, flow }: Run, legs: readonly Leg[]): Promise<void> {
  const { decisionId, request } = legs.at(-1) ?? {}
  if (decisionId === undefined || request === undefined) return
  // The response has only the code of its OAuth error.
  const code = await readCode(flow.sender, settings.explain, decisionId)
  if (code !== undefined) terminal.writeErr(`recorded as ${code}: ${adviseOn(code)}\n`)
  // Only the server that decided has the record.
  const server = settings.explain?.url ?? new URL(request.url).origin
  terminal.writeErr(`why: ${withServer(toCommandLine('explain', decisionId), server)}\n`)
}

async function breakFlow(run: Run, idToken: string, faults: readonly Fault[]): Promise<void> {
  const { terminal, options } = run
  const judged: JudgedFault[] = []
  // The final flow of one trial, without its fault, is the first flow of the next trial.
  let control: FlowRun | undefined
  for (const fault of faults) {
    const { judgement, legs, repaired } = await tryFault(run.flow, {
      fault,
      control,
      idToken: async () => idToken,
      findCode: (id) => readCode(run.flow.sender, run.settings.explain, id),
    })
    control = repaired
    judged.push({ fault, judgement, legs })
    if (options.output !== 'text') continue
    if (faults.length === 1)
      terminal.writeOut(`${renderFlow({ legs, received: { idToken } }, terminal.nowMs() / 1000)}\n`)
    terminal.writeOut(renderJudgement(fault, judgement))
  }
  if (options.output === 'json') writeJson(terminal, toFaultDocument(judged))
  if (options.output === 'junit') terminal.writeOut(renderFaultJunit(judged))
  const verdicts = judged.map(({ judgement }) => judgement.verdict)
  if (verdicts.includes('taken')) terminal.endWith(EXIT.negative)
  else if (verdicts.includes('inconclusive')) terminal.endWith(EXIT.inconclusive)
}

function listFaults(terminal: CommandTerminal, { output }: FlowOptions): void {
  const faults = FAULTS.map(({ id, leg, changes, gain, errors, codes }) => ({
    id,
    leg,
    changes,
    gain,
    errors,
    codes,
  }))
  if (output === 'json') return writeJson(terminal, { schema: 'crosswalk.fault-list/v1', faults })
  terminal.writeOut(
    faults.map(({ id, leg, changes }) => `${id.padEnd(24)}${leg.padEnd(12)}${changes}\n`).join(''),
  )
}
