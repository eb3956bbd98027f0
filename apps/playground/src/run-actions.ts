// The actions on runs. Each returns the path to continue at, or why it was not done.
import type { Clock } from '@crosswalk/as-core'
import { type Ending, findStepName, type GuardedSender, stripToken } from '@crosswalk/lab'

import { createFaultAllowance } from './fault-allowance.ts'
import { listFaultsOf } from './list-means.ts'
import type { Memory } from './memory.ts'
import { playFault, playFaults } from './play-fault.ts'
import { withTarget, type Setup, EVERY_FAULT, findBlocker, isDone, type Run, waitsForSignIn } from './run.ts'
import { playToEnd, runStep } from './run-step.ts'
import type { StepRunner } from './step-runner.ts'
import { bringPasted, signInBy } from './steps/sign-in.ts'

export interface Refused {
  readonly status: 400 | 403 | 404 | 409 | 413
  readonly title: string
  readonly text: string
}
export type ActionResult = { readonly to: string } | Refused

const refuse = (status: Refused['status'], title: string, text: string): Refused => ({ status, title, text })
export const NO_SETUP = refuse(
  404,
  'No servers chosen yet',
  'Bring your own servers, or start with the demo world.',
)
export const NO_PAGE = refuse(404, 'Page not found', 'Check the address.')
export const NO_RUN = refuse(404, 'This run is no longer kept', 'Run the flow again.')
const NO_FAULT = refuse(403, 'This fault was not sent', 'Allow faults for these servers first.')
const NO_TOKEN = refuse(
  409,
  'No user has signed in yet',
  'Run the flow once. Faults start from its ID token.',
)
const NOT_NOW = refuse(409, 'This step cannot run now', 'The list of steps shows which comes first.')
const NO_SIGN_IN = refuse(404, 'No run waits for this sign-in', 'Start at the step “Sign in” of a run.')

interface Choice {
  /** In the demo world: the user and the target */
  readonly username?: string | undefined
  readonly target?: string | undefined
  readonly whole: boolean
}

export interface RunActions {
  begin(setup: Setup, choice: Choice): Promise<ActionResult>
  /** @param expected - the user's prediction, which the page compares with the result */
  breakIt(setup: Setup, faultId: string, expected?: Ending): Promise<ActionResult>
  /** @param step - or `whole` for all steps that need no user */
  advance(run: Run, step: string): Promise<ActionResult>
  pasteIdToken(run: Run, text: string): Promise<ActionResult>
  takeCallback(answer: URL): Promise<ActionResult>
}

export function createRunActions(
  { sender, nowMs }: { readonly sender: GuardedSender } & Clock,
  memory: Memory,
): RunActions {
  const context = { sender, nowMs }
  const allowance = createFaultAllowance()

  async function advance(run: Run, step: string): Promise<ActionResult> {
    const { number } = run
    if (step === 'whole') {
      const played = memory.keep(await playToEnd(run, context))
      return { to: waitsForSignIn(played) ? `/runs/${number}/sign-in` : `/runs/${number}` }
    }
    const name = findStepName(step)
    const mustWait = name === 'sign-in' && waitsForSignIn(run)
    if (name === undefined || mustWait || findBlocker(run, name) !== undefined) return NOT_NOW
    memory.keep(await runStep(run, name, context))
    return { to: `/runs/${number}/${name}` }
  }

  /** Continues a run that was started as a whole. */
  async function finishSignIn({ attempt: _, ...run }: Run, runner: StepRunner): Promise<ActionResult> {
    const signedIn = await runStep(run, 'sign-in', context, runner)
    const goesOn = signedIn.isWhole && isDone(signedIn, 'sign-in')
    const { number } = memory.keep(goesOn ? await playToEnd(signedIn, context) : signedIn)
    return { to: goesOn ? `/runs/${number}` : `/runs/${number}/sign-in` }
  }

  return {
    advance,
    begin(setup, { username, target, whole }) {
      const { demo, user } = setup.settings
      const known = demo?.users.find((it) => it.username === username)?.username ?? user?.username
      return advance(memory.begin(withTarget(setup, target), nowMs(), known), whole ? 'whole' : 'discover')
    },
    async breakIt(setup, faultId, expected) {
      const faults = listFaultsOf(setup).filter(({ id }) => faultId === EVERY_FAULT || id === faultId)
      const [fault] = faults
      if (fault === undefined || !setup.mayBreak) return NO_FAULT
      const { idToken, lastIdToken, settings } = setup
      if (settings.user === undefined && (idToken ?? lastIdToken) === undefined) return NO_TOKEN
      const run = memory.begin(setup, nowMs(), settings.user?.username)
      const { number } = memory.keep(
        faultId === EVERY_FAULT
          ? await playFaults(run, faults, { ...context, allowance })
          : await playFault(run, fault, { ...context, allowance }),
      )
      const isExpected = expected !== undefined && faultId !== EVERY_FAULT
      return { to: `/runs/${number}${isExpected ? `?expected=${expected}` : ''}` }
    },
    async pasteIdToken(run, text) {
      return waitsForSignIn(run) ? finishSignIn(run, bringPasted(stripToken(text))) : NOT_NOW
    },
    async takeCallback(answer) {
      const state = answer.searchParams.get('state')
      const run = memory.runs.find(({ attempt }) => attempt !== undefined && attempt.state === state)
      if (run?.attempt === undefined || !waitsForSignIn(run)) return NO_SIGN_IN
      return finishSignIn(run, signInBy(run.attempt, answer))
    },
  }
}
