// The fields of an app or resource app for its assignment.
import { Fieldset, Stack } from '@mantine/core'

import type { FormProps } from '../../components/form-fields.tsx'
import { AssignmentFields, type Assignments } from '../../components/object/assignment-fields.tsx'
import { text, type TextCode } from '../../texts/text.ts'
import './apps.css'

interface Assigned {
  readonly assignments: Assignments
}

export function assignedUsers(legend: TextCode, everyoneHelp: TextCode) {
  return function AssignedUsers<T extends Assigned>({ draft, change }: FormProps<T>) {
    return (
      <Fieldset variant="unstyled" className="cw-fieldset" legend={text(legend)}>
        <Stack gap="md">
          <AssignmentFields
            assignments={draft.assignments}
            change={(assignments) => change({ ...draft, assignments })}
            everyoneHelp={text(everyoneHelp)}
          />
        </Stack>
      </Fieldset>
    )
  }
}
