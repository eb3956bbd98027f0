// Shows the expected and the actual value, so that no token has to be decoded to see which is wrong.
import { redactText } from './redacted.ts'

const MAX_CHARACTERS = 200

export function compareValues(what: string, needed: string, has: unknown): string {
  const text = typeof has === 'string' ? has : (JSON.stringify(has) ?? 'nothing')
  return `${what}: needs ${needed}, has ${redactText(text).slice(0, MAX_CHARACTERS)}`
}
