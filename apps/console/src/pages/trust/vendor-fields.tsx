// Selects the product of an issuer, asks for company-specific values, and shows the steps there.
import { fillIssuer, type Vendor, VENDORS } from '@crosswalk/protocol/vendors'
import { NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'

import '../../texts/en/vendors.ts'
import { text } from '../../texts/text.ts'

type Role = 'issuesIdJags'

interface VendorFieldsProps {
  readonly role: Role
  /** Receives the product's preset, and its issuer as far as entered */
  readonly onChange: (issuer: string, vendor: Vendor | undefined) => void
}

export function VendorFields({ role, onChange }: VendorFieldsProps) {
  const [vendor, setVendor] = useState<Vendor>()
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({})
  function choose(next: Vendor | undefined, values: Readonly<Record<string, string>>): void {
    setVendor(next)
    setGiven(values)
    const issuer = next === undefined ? '' : fillIssuer(next, values)
    onChange(issuer.includes('{') ? '' : issuer, next)
  }
  const products = VENDORS.filter((one) => one[role] !== undefined)
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
          value={given[name] ?? ''}
          onChange={({ currentTarget }) => choose(vendor, { ...given, [name]: currentTarget.value.trim() })}
        />
      ))}
    </>
  )
}

export function VendorSteps({ vendor, role }: { readonly vendor: Vendor; readonly role: Role }) {
  const part = vendor[role]
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
