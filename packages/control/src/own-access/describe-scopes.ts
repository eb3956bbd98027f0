// Describes scopes in the words of the resource app's catalogue, for users who do not know their names.
import type { OwnScope } from '@crosswalk/idp'

import type { Parts } from '../parts.ts'

/** @returns each scope, with its description from the catalogue if there is one */
export function describeScopes(
  { directory }: Parts<'directory'>,
  resourceApp: string,
  scopes: readonly string[],
): readonly OwnScope[] {
  const meanings = directory.current().world['resource-apps'].get(resourceApp)?.definition.scopeMeanings
  return scopes.map((name) => {
    const description = meanings?.[name]?.description
    return description === undefined ? { name } : { name, description }
  })
}
