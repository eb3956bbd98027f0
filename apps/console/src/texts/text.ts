// Every text of the console by its code. English is the only language there is; another one is another table.
import { en } from './en.ts'
import type { accessConditionTexts } from './en/access-conditions.ts'
import type { approvalRuleTexts } from './en/approval-rules.ts'
import type { codeFlowTexts } from './en/code-flow.ts'
import type { designTexts } from './en/design.ts'
import type { eventTexts } from './en/events.ts'
import type { policyTestTexts } from './en/policy-tests.ts'
import type { proofTexts } from './en/proofs.ts'
import type { reviewScheduleTexts } from './en/review-schedules.ts'
import type { vaultTexts } from './en/vault.ts'
import type { vendorTexts } from './en/vendors.ts'
import { addTexts, findText } from './known.ts'

export type TextCode = keyof (typeof en &
  typeof accessConditionTexts &
  typeof approvalRuleTexts &
  typeof codeFlowTexts &
  typeof designTexts &
  typeof eventTexts &
  typeof policyTestTexts &
  typeof proofTexts &
  typeof reviewScheduleTexts &
  typeof vaultTexts &
  typeof vendorTexts)

addTexts(en)

/**
 * @param values - replace the names in braces: `{ count: 3 }` for `{count} users`
 * @returns the text of a code
 */
export function text(code: TextCode, values: Readonly<Record<string, string | number>> = {}): string {
  // The code itself where its texts are not loaded.
  return (findText(code) ?? code).replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  )
}

/** @returns the text for one or for several: codes `x.one` and `x.many` */
export function countText(
  one: TextCode,
  many: TextCode,
  count: number,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return text(count === 1 ? one : many, { ...values, count: formatNumber(count) })
}

export function formatNumber(value: number): string {
  return value.toLocaleString('en')
}
