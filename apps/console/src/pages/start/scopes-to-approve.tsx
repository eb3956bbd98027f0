// The meaning of scopes that would be approved with an access request.
import { StateChip, Token } from '../../components/chips.tsx'
import { text } from '../../texts/text.ts'
import { APPROVAL_CHIP, ScopeMeaning, type ScopeState } from '../connections/tabs/scope-approval.tsx'

export function ScopesToApprove({ held }: { readonly held: readonly ScopeState[] | undefined }) {
  if (held === undefined) return null
  return (
    <ul className="cw-plain-list" aria-label={text('inbox.held')}>
      {held.map((found) => (
        <li key={found.scope}>
          <div className="cw-title-row">
            <Token>{found.scope}</Token>
            <StateChip state={APPROVAL_CHIP[found.state]} label={text(`approval.${found.state}`)} />
          </div>
          <ScopeMeaning found={found} />
        </li>
      ))}
    </ul>
  )
}
