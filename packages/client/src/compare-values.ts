// Shows the expected and the actual value, so that no token has to be decoded to see which is wrong.
import { describeValue } from '@crosswalk/protocol'

import { redactText } from './redacted.ts'

const MAX_CHARACTERS = 200

export function compareValues(what: string, needed: string, has: unknown): string {
  const text = has === undefined ? 'nothing' : describeValue(has)
  return `${what}: needs ${needed}, has ${redactText(text).slice(0, MAX_CHARACTERS)}`
}
