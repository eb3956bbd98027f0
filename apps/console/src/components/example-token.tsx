// An unsigned example token: each claim with its origin, and the differences from another token.
import type { TokenPreview } from '@crosswalk/admin-api'

import { text } from '../texts/text.ts'
import { CopyIcon } from './code-block.tsx'

interface ExampleTokenProps {
  readonly token: TokenPreview
  /** The current token, if `token` is the proposed one; null if there is none */
  readonly before?: TokenPreview | null
}

export function ExampleToken({ token, before }: ExampleTokenProps) {
  return (
    <>
      <ul className="cw-plain-list cw-claims" aria-live="polite">
        {token.claims.map((claim) => (
          <ClaimRow key={claim.name} claim={claim} before={before} />
        ))}
      </ul>
      <p className="cw-quiet-text">
        {text('claims.example')} {text('claims.bytes', { n: token.bytes })}{' '}
        <CopyIcon what={text('claims.preview')} value={writeExample(token)} />
      </p>
      <ResourceClaims claims={token.atResource} />
    </>
  )
}

function ResourceClaims({ claims }: { readonly claims: TokenPreview['atResource'] }) {
  if (claims === null) return null
  return (
    <>
      <h3>{text('claims.atResource')}</h3>
      {claims.length === 0 ? <p className="cw-quiet-text">{text('claims.atResource.none')}</p> : null}
      <ul className="cw-plain-list cw-claims">
        {claims.map((claim) => (
          <ClaimRow key={claim.name} claim={claim} before={undefined} />
        ))}
      </ul>
    </>
  )
}

function ClaimRow({
  claim: { name, value, origin, personal },
  before,
}: {
  readonly claim: TokenPreview['claims'][number]
  readonly before: TokenPreview | null | undefined
}) {
  const change = before === undefined ? undefined : findChange(name, value, before)
  return (
    <li className={change === undefined ? undefined : 'cw-claim-new'}>
      <code>
        &quot;{name}&quot;: {JSON.stringify(value)}
      </code>
      <span className="cw-quiet-text">
        {change === undefined ? null : <strong>{text(change)} · </strong>}
        {text('claims.origin', { origin })}
        {personal ? ` · ${text('claims.personal')}` : null}
      </span>
    </li>
  )
}

/** Claims that differ in every token. */
const VOLATILE_CLAIMS = new Set(['iat', 'exp', 'jti', 'auth_time'])

function findChange(name: string, value: unknown, before: TokenPreview | null) {
  const known = before?.claims.find((claim) => claim.name === name)
  if (known === undefined) return 'claims.added'
  return VOLATILE_CLAIMS.has(name) || JSON.stringify(known.value) === JSON.stringify(value)
    ? undefined
    : 'word.changed'
}

/** The copied text says that it is an example. */
function writeExample({ header, claims }: TokenPreview): string {
  const payload = Object.fromEntries(claims.map(({ name, value }) => [name, value]))
  return `// ${text('claims.example')}\n${JSON.stringify({ header, payload }, null, 2)}\n`
}
