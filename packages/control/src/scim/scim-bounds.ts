// Limits for input to the libraries that parse filters and apply patches. Both read quoted text with a regular
// expression that has two ways to match a line feed, one of them also a backslash: forty of them in an open quote block
// the process for hours. The patch library needs a third of a millisecond per list value, and examines each member name
// of an object.
import { isObject } from '@crosswalk/protocol'

import type { Operation } from './scim-members.ts'
import { ScimError } from './scim-error.ts'

const LONGEST_PATH = 1024
const MAX_VALUES = 1000
const MAX_NAMES = 1000

/** @throws ScimError if an object has more members than any resource or request needs */
export function checkNames(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  const values: readonly unknown[] = Object.values(body)
  if (!Array.isArray(body) && values.length > MAX_NAMES)
    throw new ScimError(400, `An object has more than ${MAX_NAMES} members.`, 'tooMany')
  values.forEach(checkNames)
}

/** @throws ScimError if all lists together have more values than one request may contain */
export function checkValues(body: unknown): void {
  if (countValues(body) > MAX_VALUES)
    throw new ScimError(400, `The lists have more than ${MAX_VALUES} values together.`, 'tooMany')
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? value.length : 0
  return Object.values(value).reduce<number>((sum, one) => sum + countValues(one), own)
}

/** @throws ScimError for paths and values that the library cannot process quickly */
export function checkOperation({ op, path, value }: Operation): void {
  // Without a path, the member names are paths.
  const paths = path !== undefined ? [path] : isObject(value) ? Object.keys(value) : []
  if (paths.some((one) => typeof one === 'string' && !isPath(one)))
    throw new ScimError(
      400,
      `A path may have at most ${LONGEST_PATH} characters, and no backslashes or control characters.`,
      'invalidPath',
    )
  // The library puts the values to remove into a filter without escaping.
  if (/^remove$/i.test(String(op)) && ![value].flat().every(isPlain))
    throw new ScimError(400, 'Values to remove must be plain objects or text without quotes.', 'invalidValue')
}

function isPath(text: string): boolean {
  return text.length <= LONGEST_PATH && !/[\\\p{Cc}]/u.test(text)
}

function isPlain(value: unknown): boolean {
  if (isObject(value)) return Object.entries(value).flat().every(isPlainText)
  return isPlainText(value)
}

function isPlainText(value: unknown): boolean {
  if (typeof value === 'string') return isPath(value) && !value.includes('"')
  return typeof value !== 'object' || value === null
}
