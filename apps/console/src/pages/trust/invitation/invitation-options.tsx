// Local choices that an invitation cannot make: users at an identity provider, accounts at an authorization server.
import { Select, Stack, TagsInput } from '@mantine/core'
import type { OpenedInvitation } from '@crosswalk/admin-api'

import { AssignmentFields, type Assignments } from '../../../components/object/assignment-fields.tsx'
import { ObjectSelect } from '../../../components/object/object-select.tsx'
import { Section } from '../../../components/page-header.tsx'
import { useSession } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { withMember } from '../../../components/with-member.ts'
import { choicesOf } from '../../../components/choices.ts'

export interface InvitationOptionValues {
  readonly app?: string
  readonly assignments?: Assignments
  readonly provisioning?: 'jit' | 'none' | 'external'
  readonly emailDomains?: string[]
}

interface InvitationOptionsProps {
  /** Undefined until opened, or if the app is ambiguous */
  readonly opened: OpenedInvitation | undefined
  readonly failed: boolean
  readonly options: InvitationOptionValues
  readonly change: (options: InvitationOptionValues) => void
}

const NO_ASSIGNMENTS: Assignments = { everyone: false, users: [], groups: [] }

export function InvitationOptions({ opened, failed, options, change }: InvitationOptionsProps) {
  const { issuer } = useSession()
  const isFromIdp = opened !== undefined && opened.madeBy === opened.invitation.identityProvider.issuer
  if (isFromIdp && !failed)
    return (
      <Section title={text('invitation.decide')}>
        <Stack gap="md" className="cw-card cw-form">
          <Select
            label={text('invitation.provisioning')}
            data={choicesOf(['jit', 'none', 'external'], (way) => text(`invitation.provisioning.${way}`))}
            value={options.provisioning ?? 'jit'}
            allowDeselect={false}
            onChange={(provisioning) => change({ ...options, provisioning: provisioning ?? 'jit' })}
          />
          <TagsInput
            label={text('invitation.domains')}
            description={text('invitation.domainsHelp')}
            value={[...(options.emailDomains ?? [])]}
            onChange={(emailDomains) => change({ ...options, emailDomains })}
          />
        </Stack>
      </Section>
    )
  if (issuer === undefined || (opened === undefined && !failed)) return null
  return (
    <Section title={text('invitation.decide')}>
      <Stack gap="md" className="cw-card cw-form">
        <ObjectSelect
          of="apps"
          label={text('invitation.app')}
          description={text('invitation.appHelp')}
          value={options.app}
          change={(app) => change(withMember(options, 'app', app))}
        />
        <AssignmentFields
          assignments={options.assignments ?? NO_ASSIGNMENTS}
          change={(assignments) => change({ ...options, assignments })}
          everyoneHelp={text('invitation.everyoneHelp')}
        />
      </Stack>
    </Section>
  )
}
