// "Did you mean …?"
import { findNearest } from '@crosswalk/policy'

/** @returns the known name most like the given one, undefined where none is near enough to be meant */
export function suggest(given: string, known: Iterable<string>): string | undefined {
  return findNearest(given, [...known])
}

/** @returns an instruction that names the nearest of the known names, or some of them */
export function suggestFix(given: string, known: Iterable<string>, otherwise: string): string {
  const nearest = suggest(given, known)
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`
  const names = [...known]
  return names.length === 0 ? otherwise : `${otherwise}; known here: ${listNames(names)}`
}

const MAX_NAMES = 12

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ')
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown
}
