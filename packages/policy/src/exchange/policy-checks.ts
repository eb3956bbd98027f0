// Cross-connection rules, blocks, and last of all whether a new sign-in is needed (STEP-03).
import type { Checklist } from '../checklist.ts'
import type { SignInFact } from '../exchange-facts.ts'
import { type BlockQuestion, findBlock } from '../blocks.ts'
import type { Connection, ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { DpopFact } from '@crosswalk/protocol'
import type { StepUp } from '../record.ts'
import {
  joinRequirements,
  nameSources,
  type RequirementPart,
  type RuleOutcome,
  type RuleRequirements,
} from '../rules/index.ts'

export function checkRules(list: Checklist, outcome: RuleOutcome): void {
  const seen = { evaluated: outcome.evaluated, matched: outcome.matched }
  if (outcome.deny === undefined) list.pass('policy.rules', seen)
  else list.fail('policy.rules', outcome.deny.code, { ...seen, ref: outcome.deny.id })
}

/** Whether the hourly limit allows one more grant; without a count, it does. */
export function checkVolume(
  list: Checklist,
  { limits }: RuleOutcome,
  volumeLastHour: number | undefined,
): void {
  if (limits.perHour === undefined || volumeLastHour === undefined) return
  const seen = { expected: { perHour: limits.perHour }, actual: { volumeLastHour } }
  if (volumeLastHour < limits.perHour) list.pass('policy.volume', seen)
  else {
    const ref = nameSources(limits.parts, ({ perHour }) => perHour === limits.perHour)
    list.fail('policy.volume', 'XAA1904', { ...seen, ref })
  }
}

/** Without a user, a block can be found, but none can be ruled out. */
export function checkBlocks(list: Checklist, question: BlockQuestion, { blocks }: ExchangeSnapshot): void {
  const hit = findBlock(blocks, question)
  if (hit !== undefined)
    list.fail('blocks', hit.kind === 'user' ? 'XAA1901' : hit.kind === 'everything' ? 'XAA1903' : 'XAA1902', {
      ref: hit.id,
    })
  else if (question.userId === undefined) list.skip(['blocks'], 'subject_token')
  else list.pass('blocks')
}

type SignInRequirement = Pick<RequirementPart, 'acr' | 'maxAuthAgeSeconds'>

/** What the connection and the policies require of the sign-in and the proof of possession */
export function combineRequirements(
  { id, conditions: { acr, maxAuthAgeSeconds, dpop } }: Connection,
  { requirements }: RuleOutcome,
): RuleRequirements {
  return joinRequirements([{ id, acr, maxAuthAgeSeconds, dpop: dpop === 'required' }, ...requirements.parts])
}

export function checkDpopRequired(list: Checklist, { dpop, parts }: RuleRequirements, fact: DpopFact): void {
  if (!dpop) list.notApplicable('dpop.required')
  else if (fact.state === 'proved') list.pass('dpop.required')
  else {
    const ref = nameSources(parts, (part) => part.dpop === true)
    list.fail('dpop.required', 'XAA1007', { expected: 'a DPoP proof', ref })
  }
}

/**
 * Whether the sign-in is strong and recent enough. A new sign-in is requested only if it can help: a context class that
 * no sign-in here can achieve, or a workload that cannot sign in, is denied instead (STEP-01, STEP-03).
 *
 * @returns the requirements for the new sign-in; undefined if none is needed or none can help
 */
export function checkStepUp(
  list: Checklist,
  needs: RuleRequirements,
  {
    signIn,
    now,
    acrValues,
    canSignIn,
  }: { signIn: SignInFact; now: number; acrValues: readonly string[]; canSignIn: boolean },
): StepUp | undefined {
  const { acr, maxAuthAgeSeconds, parts } = needs
  const isWeak = (part: SignInRequirement) =>
    part.acr !== undefined && !(signIn.acr !== undefined && part.acr.includes(signIn.acr))
  const isStale = ({ maxAuthAgeSeconds: most }: SignInRequirement) =>
    most !== undefined && !(signIn.authTime !== undefined && now - signIn.authTime <= most)
  const weak = isWeak(needs)
  if (!weak && !isStale(needs)) {
    if (acr === undefined && maxAuthAgeSeconds === undefined) list.notApplicable('stepup')
    else list.pass('stepup')
    return undefined
  }
  const reachable = acr?.filter((one) => acrValues.includes(one))
  const detail = {
    expected: { acr, maxAuthAgeSeconds },
    actual: {
      acr: signIn.acr,
      authAgeSeconds: signIn.authTime === undefined ? undefined : Math.floor(now - signIn.authTime),
    },
    ref: nameSources(parts, (part) => isWeak(part) || isStale(part)),
  }
  if (!canSignIn || (weak && reachable?.length === 0)) {
    list.fail('stepup', 'XAA1702', detail)
    return undefined
  }
  list.fail('stepup', 'XAA1801', detail)
  return {
    acrValues: reachable,
    maxAgeSeconds: maxAuthAgeSeconds,
  }
}
