// A check as a log keeps it. Most of them passed or did not apply, and there is nothing to say beyond that.
import { type Check, CHECK_NAMES, madeOnce } from '@crosswalk/protocol'

import { type Maybe, withoutAbsent } from './complete.ts'

type Details = readonly [
  number: number,
  actual?: unknown,
  ref?: Maybe<string>,
  expected?: unknown,
  via?: Maybe<string>,
]

/**
 * The number of a check that passed (see `CHECK_NAMES`), less than nothing where it did not apply; its number with what
 * there is to say; or the check as it is.
 */
export type PackedCheck = number | Details | Check

/** @returns undefined for a name that has none */
const numberOf = madeOnce((id: string): number | undefined => {
  const index = (CHECK_NAMES as readonly string[]).indexOf(id)
  return index === -1 ? undefined : index + 1
})

export function packCheck(check: Check): PackedCheck {
  const { id, result, actual, ref, expected, via } = check
  const number = numberOf(id)
  if (number === undefined || hasMore(check)) return check
  const isPlain = ref === undefined && expected === undefined && via === undefined
  if (result === 'not_applicable') return isPlain && actual === undefined ? -number : check
  if (result !== 'pass' || actual === null || expected === null) return check
  if (!isPlain) return [number, actual, ref, expected, via]
  return actual === undefined ? number : [number, actual]
}

/** Whether it says what has no place in {@link Details} */
function hasMore({ code, because, evaluated, matched }: Check): boolean {
  return code !== undefined || because !== undefined || evaluated !== undefined || matched !== undefined
}

/** Throws a `TypeError` for a number that no check has. */
export function unpackCheck(packed: PackedCheck): Check {
  if (typeof packed === 'number')
    return { id: nameOf(Math.abs(packed)), result: packed > 0 ? 'pass' : 'not_applicable' }
  if (!isDetails(packed)) return packed
  const [number, actual, ref, expected, via] = packed
  return withoutAbsent<Check>({
    id: nameOf(number),
    result: 'pass',
    code: undefined,
    expected: expected ?? undefined,
    actual: actual ?? undefined,
    ref: ref ?? undefined,
    via: via ?? undefined,
    because: undefined,
    evaluated: undefined,
    matched: undefined,
  })
}

function isDetails(packed: Details | Check): packed is Details {
  return Array.isArray(packed)
}

function nameOf(number: number): string {
  const name = CHECK_NAMES[number - 1]
  if (name === undefined) throw new TypeError(`no check has the number ${number}`)
  return name
}
