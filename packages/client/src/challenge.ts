// Parses the challenges of a resource in `WWW-Authenticate` (RFC 9110 section 11.6.1). Makes no decisions.

export interface Challenge {
  /** Scheme in lower case, for example `bearer` or `dpop` */
  readonly scheme: string
  readonly params: Readonly<Record<string, string>>
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const PIECE = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))|^(${TOKEN})`)

/** @returns the challenges in the given order; parsing stops at the first malformed one */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const challenges: { scheme: string; params: Record<string, string> }[] = []
  let rest = (header ?? '').slice(0, 8192).replace(/^[\s,]+/, '')
  while (rest !== '') {
    const match = PIECE.exec(rest)
    if (match === null) break
    const [whole, name, quoted, bare, scheme] = match
    const current = challenges.at(-1)
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), params: {} })
    else if (current !== undefined && name !== undefined)
      current.params[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''
    rest = rest.slice(whole.length).replace(/^[\s,]+/, '')
  }
  return challenges
}

/** @returns the challenge of a protected resource: DPoP or Bearer, preferring one that states an error */
export function findTokenChallenge(header: string | null): Challenge | undefined {
  const challenges = listTokenChallenges(header)
  return challenges.find(({ params }) => params.error !== undefined) ?? challenges[0]
}

/** @returns the URL of the metadata of a protected resource (RFC 9728 section 5.1), in the first challenge that has one */
export function findResourceMetadata(header: string | null): string | undefined {
  return listTokenChallenges(header)
    .map(({ params }) => params.resource_metadata)
    .find((url) => url !== undefined)
}

function listTokenChallenges(header: string | null): readonly Challenge[] {
  return parseChallenges(header).filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop')
}
