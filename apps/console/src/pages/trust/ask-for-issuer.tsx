// Adds a trusted issuer, with a preset for known products.
import type { Vendor } from '@crosswalk/protocol/vendors'
import { MultiSelect, NativeSelect, Stack, TagsInput, TextInput } from '@mantine/core'

import { askWith } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'
import { type AuthorizationServer, changeServer } from './authorization-server.ts'
import { VendorFields, VendorSteps } from './vendor-fields.tsx'

const SUBJECTS = ['iss_sub', 'aud_sub', 'sub_id', 'email'] as const
const PROVISIONING = ['none', 'jit', 'external'] as const

const EMPTY = {
  issuer: '',
  tenant: '',
  subject: ['iss_sub'] as (typeof SUBJECTS)[number][],
  provisioning: 'none' as (typeof PROVISIONING)[number],
  emailDomains: [] as string[],
  vendor: undefined as Vendor | undefined,
}

/** The preset of the product; e-mail domains are company-specific, so the administrator enters them. */
function readPreset(vendor: Vendor | undefined): Pick<typeof EMPTY, 'subject' | 'provisioning'> {
  const { subject = EMPTY.subject, provisioning = EMPTY.provisioning } = vendor?.issuesIdJags?.entry ?? {}
  return { subject: [...subject], provisioning }
}

export function askForIssuer({ id }: AuthorizationServer): void {
  askWith(EMPTY, (draft, set) => ({
    title: text('issuers.addTitle', { server: id }),
    confirmLabel: text('issuers.addNow'),
    done: text('issuers.trustedAgain', { issuer: draft.issuer }),
    children: (
      <Stack gap="md" mb="md">
        <p>{text('issuers.addHelp')}</p>
        <VendorFields
          role="issuesIdJags"
          onChange={(issuer, chosen) => {
            set({ issuer, vendor: chosen, ...(chosen === draft.vendor ? {} : readPreset(chosen)) })
          }}
        />
        <TextInput
          type="url"
          label={text('issuers.issuer')}
          description={text('issuers.issuerHelp')}
          required
          spellCheck={false}
          value={draft.issuer}
          onChange={({ currentTarget }) => set({ issuer: currentTarget.value.trim() })}
        />
        <MultiSelect
          label={text('issuers.subject')}
          description={text('issuers.subjectHelp')}
          data={[...SUBJECTS]}
          value={draft.subject}
          onChange={(subject) => set({ subject: subject as typeof draft.subject })}
        />
        {draft.subject.includes('email') ? (
          <TagsInput
            label={text('issuers.emailDomains')}
            placeholder="acme.example"
            value={draft.emailDomains}
            onChange={(emailDomains) => set({ emailDomains })}
          />
        ) : null}
        <NativeSelect
          label={text('issuers.provisioning')}
          data={PROVISIONING.map((value) => ({ value, label: text(`issuers.provisioning.${value}`) }))}
          value={draft.provisioning}
          onChange={({ currentTarget: { value } }) =>
            set({ provisioning: value as typeof draft.provisioning })
          }
        />
        <TextInput
          label={`${text('issuers.tenant')} ${text('field.optional')}`}
          description={text('issuers.tenantHelp')}
          value={draft.tenant}
          onChange={({ currentTarget }) => set({ tenant: currentTarget.value.trim() })}
        />
        {draft.vendor === undefined ? null : <VendorSteps vendor={draft.vendor} role="issuesIdJags" />}
      </Stack>
    ),
    confirm(reason) {
      const { tenant, vendor: _, ...rest } = draft
      const added = { ...rest, ...(tenant === '' ? {} : { tenant }) }
      return changeServer(
        id,
        ({ trustedIssuers }) => ({ trustedIssuers: [...trustedIssuers, added] }),
        reason,
      )
    },
  }))
}
