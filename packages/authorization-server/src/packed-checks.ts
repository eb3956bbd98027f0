// A check as a log keeps it. Most of them passed or did not apply, and there is nothing to say beyond that.
import { type Check, CHECK_NAMES, madeOnce } from '@crosswalk/protocol'

/**
 * The number of a check that passed (see `CHECK_NAMES`), less than nothing where it did not apply; with what was found
 * and the object looked at behind it; or the check as it is.
 */
export type PackedCheck = number | readonly [number: number, actual: unknown, ref?: string] | Check

/** @returns undefined for a name that has none */
const numberOf = madeOnce((id: string): number | undefined => {
  const index = (CHECK_NAMES as readonly string[]).indexOf(id)
  return index === -1 ? undefined : index + 1
})

export function packCheck(check: Check): PackedCheck {
  const { id, result, actual, ref } = check
  const number = result === 'pass' || result === 'not_applicable' ? numberOf(id) : undefined
  if (number === undefined || hasMore(check)) return check
  if (actual === undefined && ref === undefined) return result === 'pass' ? number : -number
  if (actual === undefined || result !== 'pass') return check
  return ref === undefined ? [number, actual] : [number, actual, ref]
}

function hasMore(check: Check): boolean {
  for (const member in check)
    if (member !== 'id' && member !== 'result' && member !== 'actual' && member !== 'ref') return true
  return false
}

/** Throws a `TypeError` for a number that no check has. */
export function unpackCheck(packed: PackedCheck): Check {
  if (typeof packed === 'number')
    return { id: nameOf(Math.abs(packed)), result: packed > 0 ? 'pass' : 'not_applicable' }
  if (!isPair(packed)) return packed
  const [number, actual, ref] = packed
  return { id: nameOf(number), result: 'pass', actual, ...(ref === undefined ? {} : { ref }) }
}

function isPair(packed: Exclude<PackedCheck, number>): packed is Exclude<PackedCheck, number | Check> {
  return Array.isArray(packed)
}

function nameOf(number: number): string {
  const name = CHECK_NAMES[number - 1]
  if (name === undefined) throw new TypeError(`no check has the number ${number}`)
  return name
}
