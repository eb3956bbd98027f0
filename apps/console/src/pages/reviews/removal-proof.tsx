// Whether access that a decision removed has ended, and what is left of it.
import { StateChip } from '../../components/chips.tsx'
import { SentenceWithTime } from '../../components/time.tsx'
import { useNames } from '../../session/names.ts'
import { countText, text } from '../../texts/text.ts'
import type { ReviewItem } from './review-types.ts'

type Removal = NonNullable<NonNullable<ReviewItem['decision']>['removal']>

export function RemovalProof({ removal }: { readonly removal: Removal }) {
  const isVerified = removal.state === 'verified'
  return (
    <>
      <span className="cw-title-row">
        <StateChip state={isVerified ? 'ok' : 'warn'} label={text(`item.removal.${removal.state}`)} />
        <span>
          <SentenceWithTime sentence={text('item.removal.since')} moment={removal.since} />
        </span>
      </span>
      {isVerified ? <p>{describeProof(removal)}</p> : <Remains removal={removal} />}
    </>
  )
}

function describeProof({ simulated }: Removal): string {
  if (simulated === 0) return text('item.removal.deniedNone')
  return countText('item.removal.deniedOne', 'item.removal.deniedMany', simulated)
}

function Remains({ removal: { allowed, issued, liveTokens, endsBy } }: { readonly removal: Removal }) {
  const names = useNames()
  return (
    <ul className="cw-plain-list">
      {allowed.length === 0 ? null : (
        <li>{text('item.removal.allowed', { users: allowed.map((id) => names.user(id)).join(', ') })}</li>
      )}
      {issued === 0 ? null : (
        <li>{countText('item.removal.issuedOne', 'item.removal.issuedMany', issued)}</li>
      )}
      {liveTokens === 0 ? null : (
        <li>{countText('item.removal.liveOne', 'item.removal.liveMany', liveTokens)}</li>
      )}
      {endsBy === null ? null : (
        <li>
          <SentenceWithTime sentence={text('item.removal.endsBy')} moment={endsBy} />
        </li>
      )}
    </ul>
  )
}
