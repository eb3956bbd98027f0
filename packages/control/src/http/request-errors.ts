// Turns schema issues of a request into the errors of a problem.
import type { ProblemBody } from '@crosswalk/admin-api'
import { isUsableText, renderPointer } from '@crosswalk/protocol'
import type { z } from 'zod'

import { countOf } from '../config-file/schema-findings.ts'

export type RequestError = NonNullable<ProblemBody['errors']>[number]

/** A body can contain half a million mistakes, and no client reads more than these. */
const MAX_ERRORS = 100

/** @returns the parsed data, or the first errors, one per mistake, each with a JSON Pointer (RFC 6901) */
export function readBySchema<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { readonly data: z.output<S> } | { readonly errors: readonly RequestError[] } {
  try {
    const parsed = schema.safeParse(value, { error: phraseIssue })
    return parsed.success ? { data: parsed.data } : { errors: describeIssues(parsed.error.issues) }
  } catch (error) {
    // The library passes the mistakes of a list to one call as arguments: more than 120,000 overflow the stack.
    if (error instanceof RangeError)
      return { errors: [{ path: '', problem: 'The body has too many mistakes.' }] }
    throw error
  }
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): readonly RequestError[] {
  const described = issues.slice(0, MAX_ERRORS).flatMap((issue) => describeIssue(issue, issue.path))
  return described.slice(0, MAX_ERRORS)
}

function describeIssue(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): readonly RequestError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: renderPointer([...path, key]), problem: 'is unknown' }))
  if (issue.code === 'invalid_union') {
    // The intended alternative is the one that accepts a value of this type at all.
    const meant = issue.errors.find((alternative) =>
      alternative.every((it) => it.code !== 'invalid_type' || it.path.length > 0),
    )
    if (meant !== undefined && meant.length > 0)
      return meant.flatMap((inner) => describeIssue(inner, [...path, ...inner.path]))
  }
  return [{ path: renderPointer(path), problem: phraseNoun(issue) }]
}

/** Schemas name what they accept: `a code such as XAA1503` */
function phraseNoun({ code, message }: z.core.$ZodIssue): string {
  const isNoun =
    code === 'invalid_format' ? !message.startsWith('must') : /^(an?|the|at most|fewer) /.test(message)
  return isNoun ? `must be ${message}` : message
}

/** @returns undefined if the schema has its own message */
function phraseIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined && issue.code.startsWith('invalid_'))
    return issue.code === 'invalid_value' ? `is missing: one of ${listValues(issue)}` : 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be one of ${listValues(issue)}`
    case 'invalid_union':
      return phraseUnion(issue)
    case 'too_small':
      return `must be at least ${countOf(issue.minimum, issue.origin)}`
    case 'too_big':
      return `must be at most ${countOf(issue.maximum, issue.origin)}`
    case 'invalid_format':
      return FORMATS[issue.format]
    default:
      return undefined
  }
}

function listValues({ values }: Pick<z.core.$ZodIssueInvalidValue, 'values'>): string {
  return values.map(String).join(', ')
}

function phraseUnion(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string | undefined {
  if ('options' in issue && Array.isArray(issue.options))
    return `must be one of ${issue.options.map(String).join(', ')}`
  const types = issue.errors.flat().flatMap((it) => (it.code === 'invalid_type' ? [it.expected] : []))
  return `must be ${[...new Set(types.map((type) => TYPES[type] ?? type))].join(' or ')}`
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'an array',
  string: 'a string',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be an absolute URL',
  datetime: 'must be a moment with offset, for example 2027-01-31T00:00:00Z',
}

const UNUSABLE = 'must be text without U+0000 and without halves of surrogate pairs'

/**
 * @returns an error for each text that PostgreSQL or a URL cannot hold, and for each member `__proto__`, which the
 *   schemas would drop; iterative, so deep nesting cannot overflow the stack
 */
export function findUnusableText(value: unknown): readonly RequestError[] {
  const errors: RequestError[] = []
  const left: { readonly path: readonly string[]; readonly value: unknown }[] = [{ path: [], value }]
  const look = (text: string, path: readonly string[]) => {
    if (isUsableText(text)) return
    errors.push({ path: renderPointer(path).toWellFormed(), problem: UNUSABLE })
  }
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { path } = next
    if (typeof next.value === 'string') look(next.value, path)
    if (typeof next.value !== 'object' || next.value === null) continue
    for (const [name, item] of Object.entries(next.value)) {
      look(name, [...path, name])
      if (name === '__proto__')
        errors.push({ path: renderPointer([...path, name]), problem: 'must have another name' })
      left.push({ path: [...path, name], value: item })
    }
  }
  return errors.reverse().slice(0, MAX_ERRORS)
}
