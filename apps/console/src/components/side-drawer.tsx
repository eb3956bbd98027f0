// A drawer next to a page. With several layers open, Escape closes only the top one; the library would close all.
import { Drawer, type DrawerProps } from '@mantine/core'

import { countOpenModals } from '../keyboard/shortcuts.tsx'

interface SideDrawerProps extends Omit<DrawerProps, 'onClose'> {
  readonly close: () => void
}

export function SideDrawer({ close, ...props }: SideDrawerProps) {
  return (
    <Drawer
      {...props}
      onClose={() => {
        if (countOpenModals() === 0) close()
      }}
    />
  )
}
