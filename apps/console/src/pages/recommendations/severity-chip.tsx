// The severity of a recommendation, as icon, word and colour.
import { type ChipState, StateChip } from '../../components/chips.tsx'
import { text } from '../../texts/text.ts'
import type { Severity } from './recommendation-types.ts'

const CHIPS: Readonly<Record<Severity, ChipState>> = { critical: 'error', warning: 'warn', info: 'info' }

export function SeverityChip({ severity }: { readonly severity: Severity }) {
  return <StateChip state={CHIPS[severity]} label={text(`recommendations.severity.${severity}`)} />
}
