// What to do on an empty page: a link to the page of the next step, for roles that may take it.
import { Link } from '@tanstack/react-router'
import type { RouteName } from '@crosswalk/admin-api'

import { useCan } from '../session/session.tsx'

interface NextStepProps {
  readonly to: string
  readonly needs: RouteName
  readonly label: string
}

export function NextStep({ to, needs, label }: NextStepProps) {
  return useCan()(needs) ? <Link to={to}>{label}</Link> : null
}
