// Turns schema issues into messages for the author of the file.
import { findNearest } from '@crosswalk/policy'
import type { z } from 'zod'

import { renderPath, type FileFinding, type Path, valueAt } from './finding.ts'
import { keysAt, schemasAt } from './json-schema.ts'
import { isSecretKey } from './secrets.ts'
import { suggestFix } from './suggest.ts'

type Issue = z.core.$ZodIssue

/** @returns one finding per mistake; several if one issue lists several unknown keys */
export function describeIssue(issue: Issue, base: Path, root: unknown): readonly FileFinding[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  const place: Place = { path, name: renderPath(path) || 'the file', value: valueAt(root, path) }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return describeUnion(issue.errors, place, root)
  }
  return [{ path, ...describeSimple(issue, place) }]
}

interface Place {
  readonly path: Path
  readonly name: string
  readonly value: unknown
}

function unknownKey(path: Path, key: string): FileFinding {
  const holder = path.length === 0 ? '' : ` in ${renderPath(path)}`
  return {
    path: [...path, key],
    at: 'key',
    what: `unknown key \`${key}\`${holder}`,
    fix: suggestFix(key, keysAt(path), 'remove it'),
  }
}

/** Reports on the alternative that accepts the value's type. If none does, lists the accepted types. */
function describeUnion(errors: Issue[][], place: Place, root: unknown): readonly FileFinding[] {
  const meant = errors.find(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  )
  const first = meant?.[0]
  if (meant !== undefined && first !== undefined) {
    const isBooleanText =
      first.code === 'invalid_value' && first.path.length === 0 && first.values.join() === 'true,false'
    if (!isBooleanText) return meant.flatMap((issue) => describeIssue(issue, place.path, root))
  }
  const taken = errors
    .flat()
    .flatMap((issue) => (issue.code === 'invalid_type' ? [nameType(issue.expected)] : []))
  const expected = [...new Set(taken)].join(' or ')
  return [{ path: place.path, what: `${place.name} is ${show(place)}`, fix: `write ${expected}` }]
}

function describeSimple(issue: Issue, place: Place): { what: string; fix: string } {
  const { name } = place
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue.expected, place)
    case 'invalid_value':
      return describeChoice(issue.values.map(String), place)
    case 'invalid_union':
      return describeChoice(('options' in issue ? (issue.options ?? []) : []).map(String), place)
    case 'too_small':
      return {
        what: `${name} is ${size(place)}`,
        fix: `write at least ${countOf(issue.minimum, issue.origin)}`,
      }
    case 'too_big':
      return {
        what: `${name} is ${size(place)}`,
        fix: `write at most ${countOf(issue.maximum, issue.origin)}`,
      }
    case 'invalid_format':
      return { what: `${name} is ${show(place)}`, fix: `write ${FORMATS[issue.format] ?? issue.message}` }
    default:
      return typeof place.value === 'object'
        ? { what: `${name}: ${issue.message}`, fix: 'change it to meet this condition' }
        : { what: `${name} is ${show(place)}`, fix: `write ${issue.message}` }
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'an absolute URL',
  datetime: 'a moment with offset, for example 2027-01-31T00:00:00Z',
}

function describeType(expected: string, place: Place): { what: string; fix: string } {
  const { name, path, value } = place
  if (value === undefined) {
    const description = schemasAt(path)[0]?.description
    const key = path.at(-1)
    return { what: `${name} is missing`, fix: `add \`${key}:\`${description ? `. ${description}` : ''}` }
  }
  const quote = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')
  return {
    what: `${name} is ${show(place)}`,
    fix: quote ? 'put it in quotes, because text is expected' : `write ${nameType(expected)}`,
  }
}

function describeChoice(choices: readonly string[], place: Place): { what: string; fix: string } {
  if (place.value === undefined)
    return { what: `${place.name} is missing`, fix: `add one of ${choices.join(', ')}` }
  const nearest = typeof place.value === 'string' ? findNearest(place.value, choices) : undefined
  const hint = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`
  return { what: `${place.name} is ${show(place)}`, fix: `write one of ${choices.join(', ')}${hint}` }
}

function nameType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a map of keys',
    record: 'a map of keys',
    array: 'a list',
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  }
  return names[type] ?? type
}

/** @param origin - the type of the limited value */
export function countOf(count: number | bigint, origin: string): string {
  const one = Number(count) === 1
  if (origin === 'string') return `${count} ${one ? 'character' : 'characters'}`
  return origin === 'array' ? `${count} ${one ? 'entry' : 'entries'}` : String(count)
}

function size(place: Place): string {
  if (typeof place.value === 'string' && !/^-?\d+$/.test(place.value))
    return `${countOf(place.value.length, 'string')} long`
  return Array.isArray(place.value) ? `a list of ${place.value.length}` : show(place)
}

const MAX_CHARACTERS = 120

/** @returns the value as far as it may be shown: no secrets, and no long text */
function show({ path, value }: Place): string {
  if (path.some(isSecretKey)) return 'not valid (not shown because it is a secret)'
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'empty'
  if (typeof value === 'object') return 'a map of keys'
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}
