// The fields of a form as data. Each names a member of the draft; a special field is a component in the same list.
import {
  NativeSelect,
  NumberInput,
  type NumberInputProps,
  Switch,
  TagsInput,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import type { ComponentType } from 'react'

import { type TextCode, text } from '../texts/text.ts'
import type { Choice } from './choices.ts'
import { TimeField, RadioField } from './fields.tsx'
import { ObjectMultiSelect } from './object/object-multi-select.tsx'
import { ObjectSelect } from './object/object-select.tsx'
import type { Selectable } from './object/use-choices.ts'
import { withMember } from './with-member.ts'

export interface FormProps<T> {
  readonly draft: T
  readonly change: (draft: T) => void
}

/** For members of T that hold a V, if they hold anything. */
interface Named<T, V> {
  readonly name: { [K in keyof T]-?: NonNullable<T[K]> extends V ? K : never }[keyof T]
  readonly label: TextCode
  readonly help?: TextCode
  /** An empty field removes the member */
  readonly optional?: true
  /** The label says that it may be empty */
  readonly mayBeEmpty?: true
}

type Typed<T> = Named<T, string> &
  Pick<TextInputProps, 'required' | 'maxLength' | 'placeholder'> & {
    /** `word`: without spaces, which are often copied along */
    readonly kind: 'text' | 'email' | 'word' | 'url'
    readonly autofocus?: true
    /** Without corrections by the browser, as words are */
    readonly exact?: true
    /** @returns an error message */
    readonly check?: (value: string) => string | undefined
  }

type Field<T> =
  | Typed<T>
  | (Named<T, string> & { readonly kind: 'choice'; readonly choices: readonly Choice[] })
  | (Named<T, string> & {
      readonly kind: 'radio'
      readonly choices: readonly (Choice & { readonly description?: string })[]
    })
  | (Named<T, string> & { readonly kind: 'moment' })
  | (Named<T, boolean> & { readonly kind: 'switch' })
  | (Named<T, number> & {
      readonly kind: 'number'
      readonly min?: number
      readonly max?: number
      /** How many of the member's units are one of the field's: 3600 for hours of a member in seconds */
      readonly unit?: number
    })
  | (Named<T, readonly string[]> & {
      readonly kind: 'tags'
      readonly suggestions?: string[]
      readonly check?: (values: readonly string[]) => string | undefined
    })
  | (Named<T, string> & { readonly kind: 'object'; readonly of: Selectable })
  | (Named<T, readonly string[]> & { readonly kind: 'objects'; readonly of: Selectable })

export type FormField<T> = Field<T> | ComponentType<FormProps<T>>

interface FieldsProps<M, T extends M> extends FormProps<T> {
  readonly fields: readonly FormField<M>[]
}

export function Fields<M extends object, T extends M>({ fields, draft, change }: FieldsProps<M, T>) {
  // A field of M changes only members of M, so the rest of the draft stays.
  const form: FormProps<M> = { draft, change: change as (draft: M) => void }
  return fields.map((Own, at) =>
    typeof Own === 'function' ? <Own key={at} {...form} /> : <DataField key={at} field={Own} {...form} />,
  )
}

function DataField<T extends object>({ field, draft, change }: FormProps<T> & { readonly field: Field<T> }) {
  const { name, optional = false } = field
  const { label, help, shared } = renderLabel(field)
  const value = draft[name] as unknown
  const set = (next: unknown) =>
    change(optional ? withMember(draft, name, next as T[keyof T]) : { ...draft, [name]: next })
  switch (field.kind) {
    case 'choice':
      return (
        <NativeSelect
          {...shared}
          data={[...field.choices]}
          value={(value ?? '') as string}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        />
      )
    case 'radio':
      return <RadioField label={label} choices={field.choices} value={value as string} change={set} />
    case 'moment':
      return <TimeField label={label} help={help} value={value as string | undefined} change={set} />
    case 'switch':
      return (
        <Switch
          {...shared}
          checked={value === true}
          onChange={({ currentTarget: { checked } }) => set(checked || !optional ? checked : undefined)}
        />
      )
    case 'number':
      return <NumberField {...shared} field={field} value={value as number | undefined} set={set} />
    case 'tags':
      return (
        <TagsInput
          {...shared}
          data={field.suggestions ?? []}
          error={field.check?.((value ?? []) as string[])}
          value={(value ?? []) as string[]}
          onChange={set}
        />
      )
    case 'object':
      return <ObjectSelect of={field.of} {...shared} value={value as string | undefined} change={set} />
    case 'objects':
      return <ObjectMultiSelect of={field.of} {...shared} value={(value ?? []) as string[]} change={set} />
    case 'text':
    case 'email':
    case 'word':
    case 'url':
      return <TypedField {...shared} field={field} value={(value ?? '') as string} set={set} />
  }
}

function renderLabel({ label, help, mayBeEmpty }: Pick<Field<never>, 'label' | 'help' | 'mayBeEmpty'>) {
  const name = text(label)
  const description = help && text(help)
  return {
    label: name,
    help: description,
    shared: { label: mayBeEmpty === true ? `${name} ${text('field.optional')}` : name, description },
  }
}

interface NumberFieldProps<T> extends Pick<NumberInputProps, 'label' | 'description'> {
  readonly field: Extract<Field<T>, { kind: 'number' }>
  readonly value: number | undefined
  readonly set: (value: number | undefined) => void
}

function NumberField<T>({ field, value, set, ...shared }: NumberFieldProps<T>) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, unit = 1, optional = false } = field
  return (
    <NumberInput
      {...shared}
      min={min}
      max={max}
      allowDecimal={unit !== 1}
      value={value === undefined ? '' : Number(value) / unit}
      onChange={(next) => {
        const amount = Math.round(Number(next) * unit)
        set(next === '' || (optional && amount === 0) ? undefined : amount)
      }}
    />
  )
}

interface TypedFieldProps<T> extends Pick<TextInputProps, 'label' | 'description'> {
  readonly field: Typed<T>
  readonly value: string
  readonly set: (value: string) => void
}

function TypedField<T>({ field, value, set, ...shared }: TypedFieldProps<T>) {
  const { kind, autofocus = false, exact = false, check, required = false, maxLength, placeholder } = field
  const isWord = kind === 'word' || kind === 'url'
  return (
    <TextInput
      {...shared}
      {...{ required, maxLength, placeholder }}
      {...(isWord || exact ? { spellCheck: false, autoComplete: 'off' } : {})}
      {...(autofocus ? { 'data-autofocus': true } : {})}
      type={kind === 'word' ? 'text' : kind}
      error={check?.(value)}
      value={value}
      onChange={({ currentTarget }) => set(isWord ? currentTarget.value.trim() : currentTarget.value)}
    />
  )
}
