// The first cell of an object that a sentence describes better than its id: a policy, an approval rule.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { type KindWithPage, pathOf } from './object-path.ts'

interface SentenceCellProps {
  readonly kind: KindWithPage
  readonly object: {
    readonly id: string
    readonly sentence: string
    readonly description?: string | undefined
  }
  /** Below it */
  readonly children?: ReactNode
}

export function SentenceCell({ kind, object: { id, sentence, description }, children }: SentenceCellProps) {
  return (
    <div>
      <Link to={pathOf(kind, id)} className="cw-first">
        {sentence}
      </Link>
      <div className="cw-quiet-text">
        <code>{id}</code>
        {description === undefined ? null : ` · ${description}`}
      </div>
      {children}
    </div>
  )
}
