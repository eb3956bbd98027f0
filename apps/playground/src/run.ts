// Who takes part, and one run of theirs: the steps done so far, and what only this process may know. Pure.
import {
  type Attempt,
  type DemoTarget,
  type Ending,
  type Fault,
  type Flow,
  type FlowRun,
  type JudgedFault,
  type Judgement,
  listForeign,
  type Received,
  type Settings,
  STEP_NAMES,
  type StepName,
  type StepRecord,
} from '@crosswalk/lab'

/** `given` at start, or the user's `own`, pasted into the page. */
export type CrossingId = 'given' | 'own'

/** In place of the id of one fault. */
export const EVERY_FAULT = 'all'

export interface Crossing {
  readonly id: CrossingId
  readonly settings: Settings
  /** Where sign-in comes back to: of the playground itself, or of the app of the demo world */
  readonly redirectUri: string
  /** Given at start: no sign-in needed */
  readonly idToken?: string
  /** Of the last sign-in: faults start from it if a new sign-in is not possible */
  readonly lastIdToken?: string
  /** Whether the user agreed to send faults there */
  readonly mayBreak: boolean
}

export interface Run {
  readonly number: number
  readonly atMs: number
  readonly crossing: Crossing
  /** Of the demo world, who signs in */
  readonly username?: string
  readonly steps: Readonly<Partial<Record<StepName, StepRecord>>>
  /** It goes on by itself after sign-in */
  readonly isWhole: boolean
  readonly flow?: Flow
  /** A sign-in that the browser is to come back from */
  readonly attempt?: Attempt
  readonly received?: Received
  /** What was sent and answered in it and may not be told */
  readonly secrets?: ReadonlySet<string>
  /** Of one fault */
  readonly trial?: {
    readonly fault: Fault
    readonly judgement: Judgement
    /** Undefined where the fault was not sent */
    readonly ended: Ending | undefined
  }
  /** Of all of them */
  readonly report?: readonly JudgedFault[]
}

/** @returns which product of the demo world is reached */
export function findTarget({ settings: { demo, resource } }: Crossing): DemoTarget | undefined {
  return demo?.targets.find((target) => target.resource === resource)
}

/** The same users and servers, on the way to another product. */
export function aimAt(crossing: Crossing, targetId: string | undefined): Crossing {
  const { settings } = crossing
  const target = settings.demo?.targets.find(({ id }) => id === targetId)
  if (target === undefined || target.resource === settings.resource) return crossing
  const { resource, scope } = target
  const call = settings.call === undefined ? undefined : resource
  return { ...crossing, settings: { ...settings, resource, scope, call } }
}

/** Steps without which another one has nothing to do. */
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

/** @returns why a step cannot be done now; undefined where it can */
export function findObstacle(run: Run, step: StepName): string | undefined {
  const { settings } = run.crossing
  if (isBroken(run)) return 'A run with a fault ends with the answer to it.'
  if (step === 'call' && settings.call === undefined) return 'No URL to call was given.'
  if (step === 'cut' && (findTarget(run.crossing) === undefined || settings.explain === undefined))
    return 'Only in the demo world: the playground holds no rights of an administrator elsewhere.'
  // A sign-in that was refused is recorded as well.
  if (step === 'recorded' && run.steps['sign-in'] === undefined)
    return 'An earlier step has to be done first.'
  const needed = NEEDS[step]
  if (needed === undefined || isDone(run, needed)) return undefined
  return run.steps[needed] === undefined ? 'An earlier step has to be done first.' : 'An earlier step failed.'
}

/** Whether it was broken on purpose. */
export function isBroken({ trial, report }: Run): boolean {
  return trial !== undefined || report !== undefined
}

export function isDone({ steps }: Run, step: StepName): boolean {
  const record = steps[step]
  return record !== undefined && record.outcome !== 'refused'
}

/** What stops others is done on demand only. */
export function listAhead(run: Run, { whole }: { readonly whole: boolean }): readonly StepName[] {
  return STEP_NAMES.filter(
    (step) =>
      run.steps[step] === undefined &&
      findObstacle(run, step) === undefined &&
      !(step === 'sign-in' && waitsForSignIn(run)) &&
      !(step === 'cut' && whole),
  )
}

/** Only the browser of a user can sign in where neither a password nor a token is known. */
export function waitsForSignIn(run: Run): boolean {
  const { idToken, settings } = run.crossing
  const isKnown = idToken !== undefined || settings.user !== undefined
  return !isKnown && !isBroken(run) && run.steps['sign-in'] === undefined && isDone(run, 'discover')
}

/** @returns where requests of this run go that is not on this machine */
export function listForeignHosts({ settings }: Crossing, flow?: Flow): readonly string[] {
  const { idp, as, call } = settings
  const urls = [idp.issuer, as.issuer, call, flow?.idp.tokenEndpoint, flow?.as.tokenEndpoint]
  const foreign = listForeign(urls.filter((url) => url !== undefined))
  return [...new Set(foreign.map((url) => (URL.canParse(url) ? new URL(url).host : url)))]
}

export function toFlowRun({ received }: Run): FlowRun {
  return { legs: [], received: received ?? { idToken: '' } }
}
