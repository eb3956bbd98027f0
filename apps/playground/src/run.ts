// The parties, and one run of their flow: the completed steps, and values that only this process may know. Pure.
import {
  type Attempt,
  type DemoTarget,
  type Ending,
  type Fault,
  type Flow,
  type FlowRun,
  type JudgedFault,
  type Judgement,
  listRemote,
  type Received,
  type Settings,
  STEP_NAMES,
  type StepName,
  type StepRecord,
} from '@crosswalk/lab'

/** `given` at start, or the user's `own`, pasted into the page. */
export type SetupId = 'given' | 'own'

/** Used instead of a fault id. */
export const EVERY_FAULT = 'all'

export interface Setup {
  readonly id: SetupId
  readonly settings: Settings
  /** The redirect URI of sign-in: of the playground itself, or of the demo app */
  readonly redirectUri: string
  /** Given at start, so that no sign-in is needed */
  readonly idToken?: string
  /** From the last sign-in: faults start from it if signing in again is not possible */
  readonly lastIdToken?: string
  /** Whether the user agreed to send faults there */
  readonly mayBreak: boolean
}

export interface Run {
  readonly number: number
  readonly atMs: number
  readonly setup: Setup
  /** In the demo world, the user who signs in */
  readonly username?: string
  readonly steps: Readonly<Partial<Record<StepName, StepRecord>>>
  /** Continues automatically after sign-in */
  readonly isWhole: boolean
  readonly flow?: Flow
  /** A pending sign-in, whose callback is expected */
  readonly attempt?: Attempt
  readonly received?: Received
  /** Sent and received secrets, which must not be shown */
  readonly secrets?: ReadonlySet<string>
  readonly trial?: {
    readonly fault: Fault
    readonly judgement: Judgement
    /** Undefined if the fault was not sent */
    readonly ended: Ending | undefined
  }
  readonly report?: readonly JudgedFault[]
}

export function findTarget({ settings: { demo, resource } }: Setup): DemoTarget | undefined {
  return demo?.targets.find((target) => target.resource === resource)
}

/** The same users and servers, with another target. */
export function withTarget(setup: Setup, targetId: string | undefined): Setup {
  const { settings } = setup
  const target = settings.demo?.targets.find(({ id }) => id === targetId)
  if (target === undefined || target.resource === settings.resource) return setup
  const { resource, scope } = target
  const call = settings.call === undefined ? undefined : resource
  return { ...setup, settings: { ...settings, resource, scope, call } }
}

const NEEDS: Readonly<Record<StepName, StepName | undefined>> = {
  discover: undefined,
  'sign-in': 'discover',
  'id-token': 'sign-in',
  exchange: 'id-token',
  redemption: 'exchange',
  call: 'redemption',
  renew: 'redemption',
  cut: 'exchange',
  recorded: undefined,
}

/** @returns why a step cannot run now; undefined if it can */
export function findBlocker(run: Run, step: StepName): string | undefined {
  const { settings } = run.setup
  if (isBroken(run)) return 'A run with a fault ends with the response to it.'
  if (step === 'call' && settings.call === undefined) return 'No URL to call was given.'
  if (step === 'cut' && (findTarget(run.setup) === undefined || settings.explain === undefined))
    return 'Only in the demo world: the playground has no administrator access elsewhere.'
  // A refused sign-in is also recorded.
  if (step === 'recorded' && run.steps['sign-in'] === undefined) return 'Run an earlier step first.'
  const needed = NEEDS[step]
  if (needed === undefined || isDone(run, needed)) return undefined
  return run.steps[needed] === undefined ? 'Run an earlier step first.' : 'An earlier step failed.'
}

/** Whether the run has an injected fault. */
function isBroken({ trial, report }: Run): boolean {
  return trial !== undefined || report !== undefined
}

export function isDone({ steps }: Run, step: StepName): boolean {
  const record = steps[step]
  return record !== undefined && record.outcome !== 'refused'
}

/** Steps that affect others run only on demand. */
export function listRemainingSteps(run: Run, { whole }: { readonly whole: boolean }): readonly StepName[] {
  return STEP_NAMES.filter(
    (step) =>
      run.steps[step] === undefined &&
      findBlocker(run, step) === undefined &&
      !(step === 'sign-in' && waitsForSignIn(run)) &&
      !(step === 'cut' && whole),
  )
}

/** Without a known password or token, only a user's browser can sign in. */
export function waitsForSignIn(run: Run): boolean {
  const { idToken, settings } = run.setup
  const isKnown = idToken !== undefined || settings.user !== undefined
  return !isKnown && !isBroken(run) && run.steps['sign-in'] === undefined && isDone(run, 'discover')
}

/** @returns the hosts of this run that are not on this machine */
export function listRemoteHosts({ settings }: Setup, flow?: Flow): readonly string[] {
  const { idp, as, call } = settings
  const urls = [idp.issuer, as.issuer, call, flow?.idp.tokenEndpoint, flow?.as.tokenEndpoint]
  const foreign = listRemote(urls.filter((url) => url !== undefined))
  return [...new Set(foreign.map((url) => (URL.canParse(url) ? new URL(url).host : url)))]
}

export function toFlowRun({ received }: Run): FlowRun {
  return { legs: [], received: received ?? { idToken: '' } }
}
