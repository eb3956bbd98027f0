// Blocks the user, app or connection of a decision.
import { Button, Menu } from '@mantine/core'
import { IconShieldX } from '@tabler/icons-react'

import type { Decision } from '../../components/decision/check-groups.ts'
import { listParties } from '../../components/decision/parties.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { useNames } from '../../session/names.ts'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { openBlockDialog } from '../../components/block/block-dialog.tsx'

export function BlockMenu({ decision }: { readonly decision: Decision }) {
  const can = useCan()
  const names = useNames()
  const { issuer } = useSession()
  const parties = listParties(decision, issuer)
  if (parties.length === 0 || !can('blocks.create')) return null
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-sm" leftSection={smallIcon(IconShieldX)}>
          {text('word.createBlock')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {parties.map(({ kind, id }) => (
          <Menu.Item key={kind} onClick={() => openBlockDialog({ kind, id })}>
            {text(`decision.block.${kind}`, { name: names[kind](id) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
