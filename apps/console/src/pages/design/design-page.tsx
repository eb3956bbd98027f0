// Every component of the console on one page, to review design changes in each theme.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'

import { useList } from '../../api/queries.ts'
import { type ChipState, CHIP_STYLES, OwnerChip, StateChip, Token, Tokens } from '../../components/chips.tsx'
import { CodeBlock, Copyable } from '../../components/code-block.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { DecisionChart } from '../../components/chart/decision-chart.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { EmptyState, Loading, NotFoundState, UnreachableState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import '../../texts/en/design.ts'
import { text } from '../../texts/text.ts'
import { setPreferences, THEMES, useTheme } from '../../theme/theme-store.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import './design.css'

const EXAMPLE_COMMAND = 'npx crosswalk doctor'

const COLOURS = [
  ...['surface', 'surface-2', 'surface-3', 'line', 'line-strong', 'text', 'text-2', 'accent', 'accent-hover'],
  ...['allow', 'allow-bg', 'deny', 'deny-bg', 'warn', 'warn-bg', 'info', 'info-bg', 'quiet-bg', 'focus'],
]
const SIZES = ['1', '2', '3', '4', '5', '6']

export function Page() {
  const theme = useTheme()
  return (
    <>
      <PageHeader
        title={text('nav.design')}
        lead={text('design.lead')}
        chips={<StateChip state="active" />}
      />
      <SegmentedControl
        aria-label={text('theme.label')}
        data={THEMES.map((value) => ({ value, label: text(`theme.${value}`) }))}
        value={theme}
        onChange={(value) => setPreferences({ theme: value as typeof theme })}
      />
      <Basics />
      <Values />
      <Fields />
      <Section title={text('design.table')}>
        <DecisionChart small about="access" />
        <Rows />
      </Section>
      <Section title={text('design.states')}>
        <Stack>
          <Alert title={text('app.needsName')}>{text('design.help')}</Alert>
          <EmptyState
            title={text('design.empty')}
            actions={<Button variant="filled">{text('design.button')}</Button>}
          >
            {text('design.emptyText')}
          </EmptyState>
          <NotFoundState />
          <UnreachableState />
          <div data-example>
            <Loading />
          </div>
        </Stack>
      </Section>
    </>
  )
}

function Basics() {
  return (
    <>
      <Section title={text('design.colours')}>
        <ul className="cw-plain-list cw-swatches">
          {COLOURS.map((name) => (
            <li key={name}>
              <span style={{ background: `var(--${name})` }} /> <code>{name}</code>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={text('design.type')}>
        <div className="cw-card">
          {SIZES.map((size) => (
            <p key={size} style={{ fontSize: `var(--size-${size})` }}>
              {text('design.sample')}
            </p>
          ))}
          <code>{text('design.sample')}</code>
        </div>
      </Section>
      <Section title={text('design.buttons')}>
        <Group>
          <Button variant="filled" leftSection={smallIcon(IconPlus)}>
            {text('design.button')}
          </Button>
          {(['default', 'light', 'subtle'] as const).map((variant) => (
            <Button key={variant} variant={variant}>
              {text('design.button')}
            </Button>
          ))}
          <Button color="red">{text('design.button')}</Button>
          <Button variant="filled" color="red">
            {text('design.button')}
          </Button>
          <Button disabled>{text('design.button')}</Button>
        </Group>
      </Section>
    </>
  )
}

function Values() {
  return (
    <>
      <Section title={text('design.chips')}>
        <Group gap="xs">
          {(Object.keys(CHIP_STYLES) as ChipState[]).map((state) => (
            <StateChip key={state} state={state} />
          ))}
          <OwnerChip owner="file" />
        </Group>
      </Section>
      <Section title={text('design.values')}>
        <div className="cw-card">
          <Facts
            facts={[
              [text('word.scopes'), <Tokens items={['todos.read', 'todos.write']} />],
              [text('decisions.code'), <Token>XAA1502</Token>],
              [text('word.audience'), <Copyable what="ID" value="http://127.0.0.1:4002/as/todo0" />],
              [text('word.time'), <RelativeTime moment="2026-01-01T00:00:00Z" />],
            ]}
          />
          <CodeBlock label={text('viewAs.cli')} code={EXAMPLE_COMMAND} />
        </div>
      </Section>
    </>
  )
}

function Fields() {
  const shared = { label: text('design.field'), description: text('design.help') }
  return (
    <Section title={text('design.fields')}>
      <Stack className="cw-form cw-card">
        <TextInput {...shared} required />
        <TextInput {...shared} error={text('app.needsName')} />
        <NativeSelect {...shared} data={[text('design.choice')]} />
        <Textarea {...shared} />
        <Radio.Group {...shared} defaultValue="one">
          <Radio value="one" label={text('design.choice')} />
          <Radio value="other" label={text('design.choice')} />
        </Radio.Group>
        <Checkbox label={text('design.choice')} defaultChecked />
        <Switch label={text('design.choice')} description={text('design.help')} defaultChecked />
      </Stack>
    </Section>
  )
}

interface Row {
  readonly decision_id: string
  readonly summary: { readonly admin: string }
  readonly time: string
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'what',
    header: text('decisions.why'),
    cell: ({ summary }) => summary.admin,
    sort: ({ summary }) => summary.admin,
  },
  {
    id: 'time',
    header: text('word.time'),
    cell: ({ time }) => <RelativeTime moment={time} />,
    sort: ({ time }) => time,
  },
]

function Rows() {
  const list = useList('decisions.list', { limit: 5 })
  return (
    <DataTable
      label={text('word.decisions')}
      list={list}
      columns={COLUMNS}
      rowId={({ decision_id: id }) => id}
      empty={<EmptyState title={text('design.empty')}>{text('design.emptyText')}</EmptyState>}
    />
  )
}
