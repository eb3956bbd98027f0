// Names and values in two columns, stacked on narrow screens.
import type { ReactNode } from 'react'

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
