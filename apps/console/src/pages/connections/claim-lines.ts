// A claim contract as lines of text, one claim each: `department = user.attributes.department`.

type Claims = Readonly<Record<string, string>>

export interface ParsedClaims {
  readonly claims: Claims
  /** The first invalid line */
  readonly bad?: string
}

const LINE = /^([^\s=]+)\s*=\s*(user\.(?:id|email|username|name|groups|attributes\.[^\s.]+))$/

export function renderClaimLines(claims: Claims): string {
  return Object.entries(claims)
    .map(([name, source]) => `${name} = ${source}`)
    .join('\n')
}

/** The server checks that the sources exist. */
export function parseClaimLines(text: string): ParsedClaims {
  const claims: Record<string, string> = {}
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const [, name, source] = LINE.exec(line) ?? []
    if (name === undefined || source === undefined) return { claims, bad: line }
    claims[name] = source
  }
  return { claims }
}
