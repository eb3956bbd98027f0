import type { ComponentType } from 'react'

interface IconProps {
  readonly size: number
  readonly 'aria-hidden': 'true'
}

/** An icon next to a word, in buttons, fields and menus. */
export function smallIcon(Icon: ComponentType<IconProps>) {
  return <Icon size={16} aria-hidden="true" />
}
