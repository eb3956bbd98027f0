// Whether a deliberate fault was refused for the right reason. A refusal alone proves nothing, since everything might
// be refused. The same flow must therefore succeed without the fault before and after, and the reason must match. Pure.
import type { Fault } from './fault.ts'
import type { FlowRun, Leg } from './flow-run.ts'

export type Verdict = 'refused-as-expected' | 'taken' | 'inconclusive'

export interface Judgement {
  readonly verdict: Verdict
  readonly because: string
}

export interface Trial {
  readonly fault: Fault
  /** The run without the fault, before */
  readonly control: FlowRun
  /** Absent if the control failed */
  readonly faulty?: FlowRun
  /** The run without the fault, after */
  readonly repaired?: FlowRun
  /** Our code for the refusal, if the decision record is readable */
  readonly recordedCode?: string
}

export function judgeTrial({ fault, control, faulty, repaired, recordedCode }: Trial): Judgement {
  const before = findLeg(control, fault.leg)
  if (before?.outcome !== 'done')
    return inconclusive(
      `without the fault ${fault.leg} does not succeed either, so a refusal would prove nothing`,
    )
  const leg = faulty === undefined ? undefined : findLeg(faulty, fault.leg)
  if (leg === undefined) return inconclusive(`${fault.leg} was not reached with the fault`)
  if (leg.outcome === 'done') return judgeTaken(fault, leg)
  return judgeRefusal(fault, leg, {
    isRepaired: repaired !== undefined && findLeg(repaired, fault.leg)?.outcome === 'done',
    ...(recordedCode === undefined ? {} : { recordedCode }),
  })
}

function judgeTaken({ mayBeTaken, gain, isGained = () => true }: Fault, leg: Leg): Judgement {
  const gained = isGained(leg)
  if (gained !== true)
    return inconclusive(
      gained === false
        ? 'it was accepted, but the response omits the excess request'
        : 'it was accepted, and the response does not show what it grants',
    )
  return mayBeTaken === undefined
    ? { verdict: 'taken', because: `it was accepted; an attacker gains ${gain}` }
    : inconclusive(`it was accepted, which may be legitimate: ${mayBeTaken}`)
}

function judgeRefusal(
  { errors, codes, alsoForged }: Fault,
  { refusal }: Leg,
  { isRepaired, recordedCode }: { readonly isRepaired: boolean; readonly recordedCode?: string },
): Judgement {
  const error = refusal?.error ?? ''
  const status = refusal?.status
  const wire = [status ?? 'no answer', error].filter((it) => it !== '').join(' ')
  // The decision record states the exact reason; the wire only a rough one.
  const code = recordedCode ?? (refusal?.confidence === 'certain' ? refusal.code : undefined)
  const isOwnCode = recordedCode !== undefined
  if (isOwnCode && !codes.includes(recordedCode))
    return inconclusive(`it was refused for another reason: ${recordedCode}, and not ${codes.join(' or ')}`)
  if (status === undefined || status >= 500) return inconclusive(`the server did not respond to it (${wire})`)
  if (!errors.includes(error))
    return inconclusive(
      `it was refused for another reason: ${wire}, and not ${errors.filter(Boolean).join(' or ')}`,
    )
  if (isOwnCode)
    return { verdict: 'refused-as-expected', because: `refused with ${wire}, recorded as ${recordedCode}` }
  if (alsoForged === true && code === undefined)
    return inconclusive(
      `it was refused with ${wire}, but perhaps for its signature; only the decision record tells`,
    )
  return isRepaired
    ? {
        verdict: 'refused-as-expected',
        because: `refused with ${wire}${code === undefined ? '' : ` (${code})`}, and accepted again without the fault`,
      }
    : inconclusive(`it was refused with ${wire}, but so is the flow without the fault now`)
}

function inconclusive(because: string): Judgement {
  return { verdict: 'inconclusive', because }
}

function findLeg({ legs }: FlowRun, name: string): Leg | undefined {
  return legs.find(({ leg }) => leg === name)
}
