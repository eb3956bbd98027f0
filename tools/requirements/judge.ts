// Compares the requirements with those that tests name: gaps, stale exceptions and unknown ids are findings.
import { isBinding, type Requirement } from '../../tests/src/requirements/catalogue.ts'
import type { Exception } from '../../tests/src/requirements/exceptions.ts'
import type { NamingTest } from './read-test-file.ts'

export interface GateInput {
  readonly requirements: readonly Requirement[]
  readonly exceptions: readonly Exception[]
  readonly tests: readonly NamingTest[]
}

export interface GateFinding {
  readonly problem: string
  readonly fix: string
}

export function judgeRequirements({ requirements, exceptions, tests }: GateInput): GateFinding[] {
  const known = new Set(requirements.map(({ id }) => id))
  const named = new Set(tests.flatMap(({ ids }) => ids))
  const excepted = new Set(exceptions.map(({ id }) => id))
  const gaps = requirements
    .filter(
      (requirement) => isBinding(requirement) && !named.has(requirement.id) && !excepted.has(requirement.id),
    )
    .map(({ id, title }) => ({
      problem: `${id} (${title}) is named by no test`,
      fix: 'name it in the title of a test, or add an exception with a reason in tests/src/requirements/exceptions.ts',
    }))
  return [
    ...gaps,
    ...exceptions.flatMap((exception) => judgeException(exception, { known, tests })),
    ...findTwice(exceptions),
    ...tests.flatMap(({ file, title, ids }) =>
      ids
        .filter((id) => !known.has(id))
        .map((id) => ({
          problem: `${file}: "${title}" names ${id}, which is not a requirement`,
          fix: 'use an id from the catalogue',
        })),
    ),
  ]
}

function judgeException(
  { id }: Exception,
  { known, tests }: { known: ReadonlySet<string>; tests: readonly NamingTest[] },
): GateFinding[] {
  if (!known.has(id))
    return [{ problem: `${id} is excepted, but is not a requirement`, fix: 'remove the exception' }]
  const test = tests.find(({ ids }) => ids.includes(id))
  return test === undefined
    ? []
    : [
        {
          problem: `${id} is excepted, but ${test.file} names it: "${test.title}"`,
          fix: 'remove the exception',
        },
      ]
}

function findTwice(exceptions: readonly Exception[]): GateFinding[] {
  return exceptions
    .filter(({ id }, index) => exceptions.findIndex((other) => other.id === id) !== index)
    .map(({ id }) => ({ problem: `${id} is excepted twice`, fix: 'keep one' }))
}
