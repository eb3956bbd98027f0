// Whether a quirk of a product applies: the only place that evaluates the conditions of `vendors/*.yaml`.
import type { Condition, Quirk } from './vendor-schema.ts'

/** The input of a quirk's conditions. */
export interface QuirkEvidence {
  readonly issuer: string
  /** The configuration entry of this issuer; undefined if only the issuer is known */
  readonly entry?: object | undefined
}

/** @returns the evidence if the quirk applies; undefined if it does not */
export function judgeQuirk({ when }: Pick<Quirk, 'when'>, evidence: QuirkEvidence): string | undefined {
  const seen = when.map((condition) => judgeCondition(condition, evidence))
  return seen.includes(undefined) ? undefined : [...new Set(seen)].join('; ')
}

function judgeCondition(condition: Condition, { issuer, entry }: QuirkEvidence): string | undefined {
  if ('issuer' in condition) return new RegExp(condition.issuer).test(issuer) ? issuer : undefined
  if ('issuerNot' in condition) return new RegExp(condition.issuerNot).test(issuer) ? undefined : issuer
  if (entry === undefined) return undefined
  const { setting } = condition
  const value = readSetting(entry, setting)
  if ('absent' in condition) {
    if ((value === undefined) !== condition.absent) return undefined
    return condition.absent ? `no ${setting}` : `${setting}: ${String(value)}`
  }
  if ('is' in condition) return value === condition.is ? `${setting}: ${String(value)}` : undefined
  return Array.isArray(value) && value.includes(condition.includes)
    ? `${setting}: ${value.join(', ')}`
    : undefined
}

function readSetting(entry: object, setting: string): unknown {
  return setting
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      entry,
    )
}
