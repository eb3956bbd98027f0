// The field for the id of an object that administrators name themselves.
import type { FormField } from './form-fields.tsx'

export const ID_FIELD: readonly FormField<{ id: string }>[] = [
  {
    kind: 'word',
    name: 'id',
    label: 'word.id',
    help: 'rule.idHelp',
    required: true,
    autofocus: true,
  },
]
