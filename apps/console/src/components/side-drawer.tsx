// What opens beside a page. Of several layers, Escape closes the one on top: the library would close all of them.
import { Drawer, type DrawerProps } from '@mantine/core'

let isCovered = false
// Before any layer hears of it, since the one on top may be gone by the time that this one does.
for (const kind of ['keydown', 'pointerdown'])
  addEventListener(kind, () => (isCovered = document.querySelector('.mantine-Modal-content') !== null), true)

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
