// Whether a quirk of a product bites: the one place where conditions of `vendors/*.yaml` are judged.
import type { Condition, Quirk } from './vendor-schema.ts'

/** What a quirk looks at. */
export interface QuirkEvidence {
  readonly issuer: string
  /** The entry of the configuration for this issuer; undefined where only the issuer was named */
  readonly entry?: object | undefined
}

/** @returns what was seen where the quirk bites, undefined where it does not */
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
