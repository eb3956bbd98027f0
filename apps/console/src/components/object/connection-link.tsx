// The two apps of a connection, with an arrow between them, in a cell or a line.
import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { Names } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { pathOf } from './object-path.ts'

export function FromTo({ from, to }: { readonly from: ReactNode; readonly to: ReactNode }) {
  return (
    <>
      {from} <IconArrowRight size={14} aria-label={text('decisions.to')} className="cw-arrow" /> {to}
    </>
  )
}

interface AppPairProps {
  readonly of: { readonly app: string; readonly resourceApp: string }
  readonly names: Names
}

export function AppPair({ of: { app, resourceApp }, names }: AppPairProps) {
  return <FromTo from={names.app(app)} to={names.resourceApp(resourceApp)} />
}

export function ConnectionLink({ id, ...apps }: AppPairProps & { readonly id: string }) {
  return (
    <Link to={pathOf('connection', id)} className="cw-first">
      <AppPair {...apps} />
    </Link>
  )
}
