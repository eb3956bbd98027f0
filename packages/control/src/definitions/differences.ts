// Compares two versions of an object: members by their path, lists as wholes.
import type { PlannedChange } from '@crosswalk/admin-api'
import { dropUndefined, isObject } from '@crosswalk/protocol'

export type Difference = PlannedChange['differences'][number]

/** @returns an empty list if both are equal; the order of members is ignored */
export function findDifferences(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (isSame(before, after)) return []
  if (!isObject(before) || !isObject(after)) return [{ path, ...dropUndefined({ before, after }) }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) =>
    findDifferences(before[name], after[name], path === '' ? name : `${path}.${name}`),
  )
}

/** Whether both are equal; the order of members is ignored, and an undefined member is an absent one. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]))
  if (!isObject(one) || !isObject(other)) return false
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => isSame(one[name], other[name]))
}
