// The navigation on narrow screens.
import { Drawer } from '@mantine/core'

import { text } from '../texts/text.ts'
import { Navigation } from './navigation.tsx'

interface MenuDrawerProps {
  readonly opened: boolean
  readonly close: () => void
}

export function MenuDrawer({ opened, close }: MenuDrawerProps) {
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
