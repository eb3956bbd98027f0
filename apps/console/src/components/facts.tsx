// Names and values in two columns, stacked on narrow screens.
import type { ReactNode } from 'react'

import { type TextCode, text } from '../texts/text.ts'
import { Copyable } from './code-block.tsx'

export type Fact = readonly [name: string, value: ReactNode]

/** @param props - null facts are omitted */
export function Facts({ facts }: { readonly facts: readonly (Fact | null)[] }) {
  return (
    <dl className="cw-facts">
      {facts
        .filter((fact) => fact !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

export function copyFact(label: TextCode, value: string): Fact {
  const name = text(label)
  return [name, <Copyable what={name} value={value} />]
}
