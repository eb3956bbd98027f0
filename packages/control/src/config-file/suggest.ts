// "Did you mean …?"
import { findNearest } from '@crosswalk/policy'

/** @returns a fix that suggests the closest known name, or lists some of them */
export function suggestFix(given: string, known: Iterable<string>, otherwise: string): string {
  const names = [...known]
  const nearest = findNearest(given, names)
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`
  return names.length === 0 ? otherwise : `${otherwise}; known here: ${listNames(names)}`
}

const MAX_NAMES = 12

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ')
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown
}
