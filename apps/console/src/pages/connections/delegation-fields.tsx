// Whether a connection accepts access tokens as subject tokens, and which of their scopes allow which scopes here.
import { NumberInput, Stack, Switch, TagsInput } from '@mantine/core'

import type { Connection } from '../../api/objects.ts'
import { text } from '../../texts/text.ts'
import { withMember } from '../../components/with-member.ts'

const MAX_DEPTH = 3

type Delegated = Pick<Connection, 'scopes' | 'delegation'>

interface DelegationFieldsProps<T extends Delegated> {
  readonly draft: T
  readonly change: (draft: T) => void
}

export function DelegationFields<T extends Delegated>({ draft, change }: DelegationFieldsProps<T>) {
  const { delegation } = draft
  const set = (next: NonNullable<Connection['delegation']>) => change({ ...draft, delegation: next })
  return (
    <Stack gap="sm">
      <Switch
        label={text('edit.delegation')}
        description={text('edit.delegationHelp')}
        checked={delegation !== undefined}
        onChange={({ currentTarget }) =>
          change(
            withMember(draft, 'delegation', currentTarget.checked ? { maxDepth: 1, scopes: {} } : undefined),
          )
        }
      />
      {delegation === undefined ? null : (
        <Stack gap="md">
          <NumberInput
            label={text('conditions.maxDepth')}
            description={text('edit.maxDepthHelp')}
            min={1}
            max={MAX_DEPTH}
            allowDecimal={false}
            value={delegation.maxDepth}
            onChange={(depth) => set({ ...delegation, maxDepth: Number(depth) || 1 })}
          />
          {draft.scopes.map((scope) => (
            <TagsInput
              key={scope}
              label={text('edit.delegatedScope', { scope })}
              description={text('edit.delegatedScopeHelp')}
              value={delegation.scopes[scope] ?? []}
              onChange={(carriers) =>
                set({ ...delegation, scopes: withMember(delegation.scopes, scope, carriers) })
              }
            />
          ))}
        </Stack>
      )}
    </Stack>
  )
}
