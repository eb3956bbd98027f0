// The navigation on narrow screens.
import { Drawer } from '@mantine/core'

import { text } from '../texts/text.ts'
import { Navigation } from './navigation.tsx'
import type { DialogProps } from '../hooks/use-dialog.ts'

export function MenuDrawer({ opened, close }: DialogProps) {
  return (
    <Drawer
      opened={opened}
      onClose={close}
      title={text('app.name')}
      position="left"
      size="18rem"
      closeButtonProps={{ 'aria-label': text('nav.close') }}
    >
      <nav aria-label={text('nav.label')}>
        <Navigation onGo={close} />
      </nav>
    </Drawer>
  )
}
