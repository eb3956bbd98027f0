// How much there may be of what every request, or everybody who asks, has to wait for.
import type { Path } from '../finding.ts'
import type { Check } from './check.ts'

/** Those that no index keeps away are judged with every request. */
export const MAX_POLICIES = 2000
/** Each is code that was compiled. */
export const MAX_SCHEMAS = 200

export const checkLimits: Check = ({ policies, resourceApps, servers }) => {
  const schemas = [...resourceApps, ...servers].flatMap(({ path, value }) =>
    (value?.authorizationDetailsTypes ?? []).flatMap((type, index) =>
      typeof type === 'string' || type.schema === undefined
        ? []
        : [[...path, 'authorizationDetailsTypes', index, 'schema']],
    ),
  )
  return [
    ...beyond(
      policies.map(({ path }) => path),
      MAX_POLICIES,
      'policies',
    ),
    ...beyond(schemas, MAX_SCHEMAS, 'schemas of authorization details types'),
  ]
}

function beyond(paths: readonly Path[], most: number, what: string) {
  const first = paths[most]
  if (first === undefined) return []
  return [
    {
      path: first,
      what: `there are ${paths.length} ${what}, more than ${most}`,
      fix: 'join those that say nearly the same, or remove what is no longer needed',
    },
  ]
}
