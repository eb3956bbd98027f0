// Adds a trusted issuer, with a preset for known products, or changes one.
import { fillIssuer, type Vendor, VENDORS } from '@crosswalk/protocol/vendors'
import { MultiSelect, NativeSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'

import type { AuthorizationServer } from '../../api/objects.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { text } from '../../texts/text.ts'
import { changeIssuer, changeServer, type TrustedIssuer } from './authorization-server.ts'
import { choicesOf } from '../../components/choices.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import '../../texts/en/vendors.ts'

const SUBJECTS = ['iss_sub', 'aud_sub', 'sub_id', 'email'] as const
const PROVISIONING = ['none', 'jit', 'external'] as const

const EMPTY = {
  issuer: '',
  tenant: '',
  subject: ['iss_sub'] as (typeof SUBJECTS)[number][],
  provisioning: 'none' as (typeof PROVISIONING)[number],
  emailDomains: [] as string[],
  securityEvents: false,
  globalTokenRevocation: false,
  vendor: undefined as Vendor | undefined,
}

type Draft = typeof EMPTY

const ISSUER: readonly FormField<Draft>[] = [
  { kind: 'url', name: 'issuer', label: 'word.issuer', help: 'issuers.issuerHelp', required: true },
]

const REST: readonly FormField<Draft>[] = [
  {
    kind: 'choice',
    name: 'provisioning',
    label: 'issuers.provisioning',
    choices: choicesOf(PROVISIONING, (way) => text(`issuers.provisioning.${way}`)),
  },
  { kind: 'word', name: 'tenant', label: 'issuers.tenant', help: 'issuers.tenantHelp', mayBeEmpty: true },
  { kind: 'switch', name: 'securityEvents', label: 'issuers.events', help: 'issuers.eventsHelp' },
  {
    kind: 'switch',
    name: 'globalTokenRevocation',
    label: 'issuers.globalRevocation',
    help: 'issuers.globalRevocationHelp',
  },
]

/** The preset of the product; e-mail domains are company-specific, so the administrator enters them. */
function readPreset(vendor: Vendor | undefined): Pick<typeof EMPTY, 'subject' | 'provisioning'> {
  const { subject = EMPTY.subject, provisioning = EMPTY.provisioning } = vendor?.issuesIdJags?.entry ?? {}
  return { subject: [...subject], provisioning }
}

/** Members that the form does not have stay as they are. */
function buildEntry(
  { tenant, securityEvents, globalTokenRevocation, vendor: _, ...rest }: Draft,
  before?: TrustedIssuer,
) {
  const {
    tenant: _tenant,
    securityEvents: events = {},
    globalTokenRevocation: _revocation,
    ...kept
  } = before ?? {}
  return {
    ...kept,
    ...rest,
    ...(tenant === '' ? {} : { tenant }),
    ...(securityEvents ? { securityEvents: events } : {}),
    ...(globalTokenRevocation ? { globalTokenRevocation } : {}),
  }
}

export function openIssuerDialog({ id }: AuthorizationServer): void {
  confirmWithForm(EMPTY, (draft, set) => ({
    title: text('issuers.addTitle', { server: id }),
    confirmLabel: text('issuers.addNow'),
    done: text('issuers.added', { issuer: draft.issuer }),
    help: text('issuers.addHelp'),
    children: (
      <>
        <VendorFields
          onChange={(issuer, chosen) => {
            set({ issuer, vendor: chosen, ...(chosen === draft.vendor ? {} : readPreset(chosen)) })
          }}
        />
        <Fields<Draft, Draft> fields={ISSUER} draft={draft} change={set} />
        <Conditions draft={draft} change={set} />
        {draft.vendor === undefined ? null : <VendorSteps vendor={draft.vendor} />}
      </>
    ),
    confirm: (reason) =>
      changeServer(
        id,
        ({ trustedIssuers }) => ({ trustedIssuers: [...trustedIssuers, buildEntry(draft)] }),
        reason,
      ),
  }))
}

export function openIssuerChange({ id }: AuthorizationServer, trusted: TrustedIssuer): void {
  const { issuer, tenant = '', subject, provisioning, emailDomains } = trusted
  const initial: Draft = {
    issuer,
    tenant,
    subject: [...subject],
    provisioning,
    emailDomains: [...emailDomains],
    securityEvents: trusted.securityEvents !== undefined,
    globalTokenRevocation: trusted.globalTokenRevocation === true,
    vendor: undefined,
  }
  confirmWithForm(initial, (draft, set) => ({
    title: text('issuers.changeTitle', { issuer, server: id }),
    confirmLabel: text('form.save'),
    done: text('issuers.changed', { issuer }),
    children: <Conditions draft={draft} change={set} />,
    confirm: (reason) => changeIssuer(id, trusted, (now) => buildEntry(draft, now), reason),
  }))
}

interface ConditionsProps {
  readonly draft: Draft
  readonly change: (change: Partial<Draft>) => void
}

function Conditions({ draft, change }: ConditionsProps) {
  return (
    <>
      <MultiSelect
        label={text('issuers.subject')}
        description={text('issuers.subjectHelp')}
        data={[...SUBJECTS]}
        value={draft.subject}
        onChange={(subject) => change({ subject: subject as typeof draft.subject })}
      />
      {draft.subject.includes('email') ? (
        <TagsInput
          label={text('issuers.emailDomains')}
          placeholder="acme.example"
          value={draft.emailDomains}
          onChange={(emailDomains) => change({ emailDomains })}
        />
      ) : null}
      <Fields<Draft, Draft> fields={REST} draft={draft} change={change} />
    </>
  )
}

interface VendorFieldsProps {
  /** Receives the product's preset, and its issuer as far as entered */
  readonly onChange: (issuer: string, vendor: Vendor | undefined) => void
}

/** Selects the product of an issuer, asks for company-specific values, and shows the steps there. */
function VendorFields({ onChange }: VendorFieldsProps) {
  const [vendor, setVendor] = useState<Vendor>()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  function choose(next: Vendor | undefined, entered: Readonly<Record<string, string>>): void {
    setVendor(next)
    setValues(entered)
    const issuer = next === undefined ? '' : fillIssuer(next, entered)
    onChange(issuer.includes('{') ? '' : issuer, next)
  }
  const products = VENDORS.filter(({ issuesIdJags }) => issuesIdJags !== undefined)
  return (
    <>
      <NativeSelect
        label={text('vendors.product')}
        description={text('vendors.productHelp')}
        data={[
          { value: '', label: text('vendors.other') },
          ...products.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={vendor?.id ?? ''}
        onChange={({ currentTarget: { value } }) =>
          choose(
            products.find(({ id }) => id === value),
            {},
          )
        }
      />
      {Object.entries(vendor?.issuer.fill ?? {}).map(([name, { label, example }]) => (
        <TextInput
          key={`${vendor?.id}-${name}`}
          label={label}
          placeholder={example}
          spellCheck={false}
          value={values[name] ?? ''}
          onChange={({ currentTarget }) => choose(vendor, { ...values, [name]: currentTarget.value.trim() })}
        />
      ))}
    </>
  )
}

function VendorSteps({ vendor }: { readonly vendor: Vendor }) {
  const part = vendor.issuesIdJags
  if (part === undefined) return null
  return (
    <Stack gap="xs">
      <strong>{text('vendors.steps', { name: vendor.name })}</strong>
      <ol>
        {part.steps.map(({ do: step, source }) => (
          <li key={step}>
            {step}{' '}
            <a href={source} target="_blank" rel="noreferrer">
              {text('vendors.source')}
            </a>
          </li>
        ))}
      </ol>
      <p className="cw-quiet-text">
        {text('vendors.audience')}: {part.audience} {text('vendors.checked', { date: vendor.checked })}
      </p>
    </Stack>
  )
}
