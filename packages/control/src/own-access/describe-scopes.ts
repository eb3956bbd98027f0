// Scopes in the words of the resource app's catalogue, for users who do not know them by name.
import type { OwnScope } from '@crosswalk/idp'

import type { Parts } from '../parts.ts'

/** @returns each scope with what the catalogue says it lets an app do, if it says so */
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
