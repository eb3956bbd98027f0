// Adds a trusted issuer, with a preset for known products. Replaces the list with If-Match, so that no concurrent change is lost.
import type { Vendor } from '@crosswalk/protocol/vendors'
import { MultiSelect, NativeSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'

import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { useServerChange } from './authorization-server.ts'
import { VendorFields, VendorSteps } from './vendor-fields.tsx'
import type { ServerDialogProps } from './add-button.tsx'

const SUBJECTS = ['iss_sub', 'aud_sub', 'sub_id', 'email'] as const
const PROVISIONING = ['none', 'jit', 'external'] as const

const EMPTY = {
  issuer: '',
  tenant: '',
  subject: ['iss_sub'] as (typeof SUBJECTS)[number][],
  provisioning: 'none' as (typeof PROVISIONING)[number],
  emailDomains: [] as string[],
}

/** The preset of the product; e-mail domains are company-specific, so the administrator enters them. */
function readPreset(vendor: Vendor | undefined): Pick<typeof EMPTY, 'subject' | 'provisioning'> {
  const { subject = EMPTY.subject, provisioning = EMPTY.provisioning } = vendor?.issuesIdJags?.entry ?? {}
  return { subject: [...subject], provisioning }
}

export function AddIssuer({ server, opened, close }: ServerDialogProps) {
  const [draft, setDraft] = useState(EMPTY)
  const [vendor, setVendor] = useState<Vendor>()
  const change = useServerChange(server.id, opened)
  return (
    <ReasonDialog
      opened={opened && change !== undefined}
      close={close}
      title={text('issuers.addTitle', { server: server.id })}
      confirmLabel={text('issuers.addNow')}
      confirm={async (reason) => {
        if (change === undefined) return
        const { tenant, ...rest } = draft
        const added = { ...rest, ...(tenant === '' ? {} : { tenant }) }
        await change.save({ trustedIssuers: [...change.server.trustedIssuers, added] }, reason)
        showDone({ message: text('issuers.trustedAgain', { issuer: draft.issuer }) })
        setDraft(EMPTY)
        setVendor(undefined)
      }}
    >
      <Stack gap="md" mb="md">
        <p>{text('issuers.addHelp')}</p>
        <VendorFields
          role="issuesIdJags"
          onChange={(issuer, chosen) => {
            setDraft({ ...draft, issuer, ...(chosen === vendor ? {} : readPreset(chosen)) })
            setVendor(chosen)
          }}
        />
        <TextInput
          type="url"
          label={text('issuers.issuer')}
          description={text('issuers.issuerHelp')}
          required
          spellCheck={false}
          value={draft.issuer}
          onChange={({ currentTarget }) => setDraft({ ...draft, issuer: currentTarget.value.trim() })}
        />
        <MultiSelect
          label={text('issuers.subject')}
          description={text('issuers.subjectHelp')}
          data={[...SUBJECTS]}
          value={draft.subject}
          onChange={(subject) => setDraft({ ...draft, subject: subject as typeof draft.subject })}
        />
        {draft.subject.includes('email') ? (
          <TagsInput
            label={text('issuers.emailDomains')}
            placeholder="acme.example"
            value={draft.emailDomains}
            onChange={(emailDomains) => setDraft({ ...draft, emailDomains })}
          />
        ) : null}
        <NativeSelect
          label={text('issuers.provisioning')}
          data={PROVISIONING.map((value) => ({ value, label: text(`issuers.provisioning.${value}`) }))}
          value={draft.provisioning}
          onChange={({ currentTarget: { value } }) =>
            setDraft({ ...draft, provisioning: value as typeof draft.provisioning })
          }
        />
        <TextInput
          label={`${text('issuers.tenant')} ${text('field.optional')}`}
          description={text('issuers.tenantHelp')}
          value={draft.tenant}
          onChange={({ currentTarget }) => setDraft({ ...draft, tenant: currentTarget.value.trim() })}
        />
        {vendor === undefined ? null : <VendorSteps vendor={vendor} role="issuesIdJags" />}
      </Stack>
    </ReasonDialog>
  )
}
