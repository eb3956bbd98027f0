// The frame of a table that is as wide as it has columns: it scrolls by itself, by keyboard too, and says what it is.
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
