// Both ends of a connection, in a cell or a line: requesting app and resource app.
import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { Names } from '../../session/names.ts'
import { text } from '../../texts/text.ts'

export function Between({ from, to }: { readonly from: ReactNode; readonly to: ReactNode }) {
  return (
    <>
      {from} <IconArrowRight size={14} aria-label={text('decisions.to')} className="cw-arrow" /> {to}
    </>
  )
}

interface EndsProps {
  readonly of: { readonly app: string; readonly resourceApp: string }
  readonly names: Names
}

export function Ends({ of: { app, resourceApp }, names }: EndsProps) {
  return <Between from={names.app(app)} to={names.resourceApp(resourceApp)} />
}

/** @param props - `id`: of the connection to link to */
export function ConnectionLink({ id, ...ends }: EndsProps & { readonly id: string }) {
  return (
    <Link to={`/connections/${encodeURIComponent(id)}`} className="cw-first">
      <Ends {...ends} />
    </Link>
  )
}
