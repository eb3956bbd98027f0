// Under which names the attributes of an assertion are found. A Name identifies an attribute; a FriendlyName is for users
// (SAML core section 2.7.3.1), so it counts only where an administrator says so, and never in place of a Name.
import type { SamlAttribute } from '../../saml/read-assertion.ts'

export function nameAttributes(
  attributes: readonly SamlAttribute[],
  { matchFriendlyNames }: { readonly matchFriendlyNames: boolean },
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, readonly string[]>()
  for (const { name, values } of attributes) byName.set(name, [...(byName.get(name) ?? []), ...values])
  if (!matchFriendlyNames) return byName
  const friendly = attributes.flatMap(({ name, friendlyName }) =>
    friendlyName === undefined || byName.has(friendlyName) ? [] : [{ name, friendlyName }],
  )
  const found = new Map(byName)
  for (const { name, friendlyName } of friendly) {
    // Two attributes with one FriendlyName: it names neither.
    if (friendly.every((other) => other.friendlyName !== friendlyName || other.name === name))
      found.set(friendlyName, byName.get(name) ?? [])
  }
  return found
}
