// The header of a policy page, with its actions. Enforcing first shows who would be affected.
import { IconCircleDashed, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'

import { ObjectHeader } from '../../components/object/object-header.tsx'
import { text } from '../../texts/text.ts'
import { askToTurn } from './state-dialog.tsx'
import type { Policy } from './rule.ts'
import { smallIcon } from '../../components/small-icon.tsx'

interface HeaderProps {
  readonly policy: Policy
  readonly etag: string
  readonly edit: () => void
  readonly editing: boolean
}

const TURNS = [
  ['enforced', IconPlayerPlay],
  ['report-only', IconCircleDashed],
  ['off', IconPlayerStop],
] as const

export function RuleHeader({ policy, etag, edit, editing }: HeaderProps) {
  return (
    <ObjectHeader
      collection="policies"
      object={policy}
      etag={etag}
      parent={{ to: '/policies', label: text('word.policies') }}
      title={policy.id}
      chip={policy.state}
      lead={
        <>
          <p className="cw-rule-sentence">{policy.sentence}</p>
          {policy.description === undefined ? null : <p>{policy.description}</p>}
        </>
      }
      edit={edit}
      editing={editing}
      acts={TURNS.filter(([state]) => state !== policy.state).map(([state, Icon]) => ({
        label: text(`rule.turn.${state}`),
        icon: smallIcon(Icon),
        needs: 'policies.change',
        disabled: policy.owner === 'file' ? text('connection.fileOwned') : undefined,
        run: () => askToTurn(policy, etag, state),
      }))}
    />
  )
}
