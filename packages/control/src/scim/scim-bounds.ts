// What may be handed to the libraries that read filters and apply changes. Both read quoted text by a regular expression
// with two ways to match a line feed, one of them a backslash as well: forty in an open quote keep the process busy for
// hours. The other one takes a third of a millisecond for each value of a list, and looks at each name that an object has.
import { isObject } from '@crosswalk/protocol'

import type { Operation } from './scim-members.ts'
import { ScimError } from './scim-error.ts'

const LONGEST_PATH = 1024
const MAX_VALUES = 1000
const MAX_NAMES = 1000

/** @throws ScimError where an object has more members than any resource or request */
export function checkNames(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  const values: readonly unknown[] = Object.values(body)
  if (!Array.isArray(body) && values.length > MAX_NAMES)
    throw new ScimError(400, `An object has more than ${MAX_NAMES} members.`, 'tooMany')
  values.forEach(checkNames)
}

/** @throws ScimError where lists have more values together than one request may bring */
export function checkValues(body: unknown): void {
  if (countValues(body) > MAX_VALUES)
    throw new ScimError(400, `The lists have more than ${MAX_VALUES} values together.`, 'tooMany')
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? value.length : 0
  return Object.values(value).reduce<number>((sum, one) => sum + countValues(one), own)
}

/** @throws ScimError for paths and values that the library cannot read in a moment */
export function checkOperation({ op, path, value }: Operation): void {
  // Without a path, the names of members are the paths.
  const paths = path !== undefined ? [path] : isObject(value) ? Object.keys(value) : []
  if (paths.some((one) => typeof one === 'string' && !isPath(one)))
    throw new ScimError(
      400,
      `A path has at most ${LONGEST_PATH} characters, without backslashes and control characters.`,
      'invalidPath',
    )
  // Those to remove are put into a filter as they are.
  if (/^remove$/i.test(String(op)) && ![value].flat().every(isPlain))
    throw new ScimError(400, 'Values are removed by their members, without quotes in them.', 'invalidValue')
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
