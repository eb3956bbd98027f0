// The diff between two versions of an object, member by member, before it is saved or restored.
import { isObject } from '@crosswalk/protocol'

import { text } from '../texts/text.ts'
import { renderValue } from './decision/check-list.tsx'

type Members = Readonly<Record<string, unknown>>

export interface Difference {
  readonly member: string
  readonly before: unknown
  readonly after: unknown
}

/** @param before - a definition (see `pickDefinition`), like `after`; lists of strings are compared as sets */
export function findDifferences(before: Members, after: Members): readonly Difference[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return members
    .filter((member) => normalize(before[member]) !== normalize(after[member]))
    .map((member) => ({ member, before: before[member], after: after[member] }))
}

function normalize(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return JSON.stringify([...value].sort())
  if (isObject(value))
    return JSON.stringify(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([name, inner]) => [name, normalize(inner)])
        .sort(),
    )
  return JSON.stringify(value) ?? ''
}

/** @returns a new object's members without empty lists and objects, which say nothing */
export function omitEmpty(members: Members): Members {
  return Object.fromEntries(
    Object.entries(members)
      .map(([name, value]) => [name, isObject(value) ? omitEmpty(value) : value] as const)
      .filter(([, value]) => !isEmpty(value)),
  )
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

export function ChangeList({ differences }: { readonly differences: readonly Difference[] }) {
  if (differences.length === 0) return <p>{text('form.noChange')}</p>
  return (
    <ul className="cw-plain-list cw-changes">
      {differences.map(({ member, before, after }) => (
        <li key={member}>
          <strong>{member}</strong>
          {isAbsent(before) ? null : (
            <del>
              <span className="cw-hidden">{text('form.removed')}: </span>
              {renderValue(before)}
            </del>
          )}
          {isAbsent(after) ? null : (
            <ins>
              <span className="cw-hidden">{text('form.added')}: </span>
              {renderValue(after)}
            </ins>
          )}
        </li>
      ))}
    </ul>
  )
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
