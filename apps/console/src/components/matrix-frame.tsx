// A labelled frame that scrolls a wide table, also by keyboard.
import type { ReactNode } from 'react'

import { text } from '../texts/text.ts'

export function MatrixFrame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div
      className="cw-matrix-frame"
      tabIndex={0}
      role="region"
      aria-label={text('table.scroll', { name: title })}
    >
      <table className="cw-matrix">
        <caption className="cw-hidden">{title}</caption>
        {children}
      </table>
    </div>
  )
}
