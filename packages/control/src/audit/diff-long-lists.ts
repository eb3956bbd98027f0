// The difference between two long lists as JSON Patch. The library compares every element of one list with every element
// of the other, which takes seconds for a group with a thousand members, and overflows the stack for larger ones.
import type { Operation, Pointer } from 'rfc6902'

/** The library takes a few milliseconds for lists of this length, and describes changes within elements. */
const MAX_SHORT = 20

/** @returns undefined for values that the library can compare */
export function diffLongLists(before: unknown, after: unknown, pointer: Pointer): Operation[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined
  if (Math.max(before.length, after.length) <= MAX_SHORT) return undefined
  const operations = diffLists(before, after, (index) => pointer.add(String(index)).toString())
  if (operations !== undefined && operations.length < after.length) return operations
  return [{ op: 'replace', path: pointer.toString(), value: after }]
}

/** @returns removals and additions; undefined if elements that are in both lists have another order */
function diffLists(
  before: readonly unknown[],
  after: readonly unknown[],
  pathOf: (index: number) => string,
): Operation[] | undefined {
  const { start, end } = countEqual(before, after)
  const old = toTexts(before.slice(start, before.length - end))
  const next = toTexts(after.slice(start, after.length - end))
  const [inOld, inNext] = [new Set(old), new Set(next)]
  const kept = next.filter((text) => inOld.has(text))
  const keptBefore = old.filter((text) => inNext.has(text))
  if (kept.length !== keptBefore.length || kept.some((text, at) => text !== keptBefore[at])) return undefined
  const removed = old.flatMap((text, at) =>
    inNext.has(text) ? [] : [{ op: 'remove' as const, path: pathOf(start + at) }],
  )
  const added = next.flatMap((text, at) =>
    inOld.has(text) ? [] : [{ op: 'add' as const, path: pathOf(start + at), value: after[start + at] }],
  )
  // From the end, so that the indexes of earlier elements stay valid.
  return [...removed.toReversed(), ...added]
}

/** The number of equal elements at both ends, which are usually all but a few. */
function countEqual(one: readonly unknown[], other: readonly unknown[]) {
  const shorter = Math.min(one.length, other.length)
  let start = 0
  while (start < shorter && one[start] === other[start]) start += 1
  let end = 0
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1
  return { start, end }
}

function toTexts(list: readonly unknown[]): readonly string[] {
  return list.map((element) => JSON.stringify(element))
}
