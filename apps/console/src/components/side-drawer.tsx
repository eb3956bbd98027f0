// A drawer next to a page. With several layers open, Escape closes only the top one; the library would close all.
import { Drawer, type DrawerProps } from '@mantine/core'

import { isModalOpen } from '../keyboard/shortcuts.tsx'

let isCovered = false
// Captured before any layer handles it, since the top layer may be gone by the time this one does.
for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => (isCovered = isModalOpen()), true)

interface SideDrawerProps extends Omit<DrawerProps, 'onClose'> {
  readonly close: () => void
}

export function SideDrawer({ close, ...props }: SideDrawerProps) {
  return (
    <Drawer
      {...props}
      onClose={() => {
        if (!isCovered) close()
      }}
    />
  )
}
