// Names of SCIM attributes (RFC 7644 section 3.10): they ignore case, and the URN of their schema may precede them.
type Members = Readonly<Record<string, unknown>>

/** The names that lead to an attribute, in lower case; a schema extension is one name */
export type Names = readonly string[]

const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:\w+:/

/** @returns the names in a resource, whose members tell where the URN of an extension ends */
export function parseNames(path: string): (resource: Members) => Names {
  const bare = path.trim().toLowerCase().replace(CORE, '')
  if (!bare.startsWith('urn:')) {
    const names = bare.split('.')
    return () => names
  }
  return (resource) => {
    const urn = Object.keys(resource)
      .map((name) => name.toLowerCase())
      .find((name) => name.startsWith('urn:') && `${bare}:`.startsWith(`${name}:`))
    if (urn === undefined) return [bare]
    return bare === urn ? [urn] : [urn, ...bare.slice(urn.length + 1).split('.')]
  }
}
