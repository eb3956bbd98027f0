// Plays one fault, and says whether it was noticed, where, and for the right reason. Green only where the same request
// without the fault passes and the refusal fits; where everything is refused, that proves nothing and is said so.
import type { LegEvent } from '@crosswalk/client'
import type { Backstage, DecisionView } from '@crosswalk/demo-kit'
import { DECISION_CODES, type XaaCode } from '@crosswalk/protocol'

import { ControlFailed, FaultUnavailable } from './errors.ts'
import type { Expected, Fault, FaultStage } from './fault.ts'

export interface BreakReport {
  readonly fault: Pick<Fault, 'id' | 'title' | 'changed' | 'gain'>
  readonly verdict: 'refused' | 'accepted' | 'inconclusive' | 'unavailable'
  /** One sentence about the verdict */
  readonly text: string
  readonly steps: readonly Step[]
  readonly refusal?: BreakRefusal
}

export interface Step {
  readonly what: string
  readonly leg?: LegEvent
}

export interface BreakRefusal {
  readonly by: string
  readonly error?: string
  readonly code?: string
  readonly decisionId?: string
  readonly text: string
  readonly remedies: readonly string[]
}

export type BreakParts = Omit<FaultStage, 'control' | 'broken' | 'act'>

/** Who made a refusal. */
export const PLACES: Readonly<Record<LegEvent['leg'], string>> = {
  discovery: 'the server that was looked up',
  exchange: "acme's identity provider",
  redemption: "the todo vendor's authorization server",
  resource: 'Todo0 itself',
}

export async function breakFlow(fault: Fault, parts: BreakParts): Promise<BreakReport> {
  const steps: Step[] = []
  const undos: (() => Promise<void>)[] = []
  let broken: LegEvent | undefined
  const stage: FaultStage = {
    ...parts,
    control: async (what, sent) => {
      const { leg, token } = await sent
      steps.push({ what, leg })
      if (token === undefined || (leg.status ?? 0) >= 400) throw new ControlFailed(what)
      return token
    },
    broken: async (what, sent) => {
      broken = (await sent).leg
      steps.push({ what, leg: broken })
    },
    act: async (what, act) => {
      if (parts.backstage === undefined)
        throw new FaultUnavailable('This needs the administrator of the demo, who is not here.')
      undos.push(await parts.backstage.perform(act, parts.subject.userId))
      steps.push({ what })
    },
  }
  const failure = await play(fault, stage, undos)
  const { id, title, changed, gain } = fault
  const decision = await findDecision(broken, parts.backstage)
  return {
    fault: { id, title, changed, gain },
    steps,
    ...judge(fault.expected, { broken, failure, decision }),
  }
}

async function play(
  fault: Fault,
  stage: FaultStage,
  undos: readonly (() => Promise<void>)[],
): Promise<Error | undefined> {
  try {
    await fault.play(stage)
  } catch (error) {
    if (error instanceof ControlFailed || error instanceof FaultUnavailable) return error
    throw error
  } finally {
    for (const undo of undos) await undo()
  }
  if (undos.length === 0) return undefined
  try {
    // Taken back, the same request passes again: it was this that was refused, and nothing else.
    const { hand, subject, resources } = stage
    const again = hand.exchange(await subject.fresh(), { resource: resources.mcp, scope: 'todos.read' })
    await stage.control('The administrator takes it back, and Agent0 asks again', again)
    return undefined
  } catch (error) {
    if (error instanceof ControlFailed) return error
    throw error
  }
}

async function findDecision(
  leg: LegEvent | undefined,
  backstage: Backstage | undefined,
): Promise<DecisionView | undefined> {
  return leg?.decisionId === undefined ? undefined : await backstage?.findDecision(leg.decisionId)
}

interface Outcome {
  readonly broken: LegEvent | undefined
  readonly failure: Error | undefined
  readonly decision: DecisionView | undefined
}

function judge(
  expected: Expected,
  { broken, failure, decision }: Outcome,
): Pick<BreakReport, 'verdict' | 'text' | 'refusal'> {
  if (failure instanceof FaultUnavailable) return { verdict: 'unavailable', text: failure.message }
  if (broken !== undefined && (broken.status ?? 0) < 400)
    return { verdict: 'accepted', text: 'Nobody noticed. This must not happen: please report it.' }
  const refusal = broken === undefined ? {} : { refusal: describeRefusal(broken, decision) }
  if (failure !== undefined || broken === undefined)
    return {
      verdict: 'inconclusive',
      text: 'The same request without the fault was refused as well, so this proves nothing. Sign in as somebody who may use Todo0.',
      ...refusal,
    }
  const code = decision?.code ?? broken.code
  const fits =
    broken.leg === expected.leg &&
    broken.error === expected.error &&
    (expected.codes === undefined || decision === undefined
      ? true
      : expected.codes.some((one) => one === code))
  return fits
    ? { verdict: 'refused', text: `Refused, as it has to be, by ${PLACES[broken.leg]}.`, ...refusal }
    : { verdict: 'inconclusive', text: 'Refused, but for another reason than this fault.', ...refusal }
}

function describeRefusal(leg: LegEvent, decision: DecisionView | undefined): BreakRefusal {
  const code = decision === undefined ? leg.code : decision.code
  const known = code === undefined ? undefined : DECISION_CODES[code as XaaCode]
  const { error, decisionId } = leg
  return {
    by: PLACES[leg.leg],
    text: decision?.text ?? (known === undefined ? 'It says no more than this.' : `${known.meaning}.`),
    remedies: decision?.remedies ?? (known === undefined ? [] : [known.remedy]),
    ...(error === undefined ? {} : { error }),
    ...(code === undefined ? {} : { code }),
    ...(decisionId === undefined ? {} : { decisionId }),
  }
}
