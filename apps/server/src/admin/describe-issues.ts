// What a schema has to say about a request, as the errors of a problem.
import type { ProblemBody } from '@crosswalk/admin-api'
import type { z } from 'zod'

export type RequestError = NonNullable<ProblemBody['errors']>[number]

/** @returns one error per mistake, each with a JSON Pointer (RFC 6901) */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  base: readonly PropertyKey[] = [],
): readonly RequestError[] {
  return issues.flatMap((issue) => describeIssue(issue, [...base, ...issue.path]))
}

function describeIssue(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): readonly RequestError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: renderPointer([...path, key]), problem: 'is not known here' }))
  if (issue.code === 'invalid_union') {
    // The alternative meant is the one that takes a value of this type at all.
    const meant = issue.errors.find((alternative) =>
      alternative.every((it) => it.code !== 'invalid_type' || it.path.length > 0),
    )
    if (meant !== undefined && meant.length > 0) return describeIssues(meant, path)
    if ('options' in issue && Array.isArray(issue.options))
      return [
        { path: renderPointer(path), problem: `must be one of ${issue.options.map(String).join(', ')}` },
      ]
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  return [{ path: renderPointer(path), problem: missing ? 'is missing' : issue.message }]
}

export function renderPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
