// Many users over many connections at once; each cell links to its request. The selection is in the URL.
import { TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { MatrixFrame } from '../../components/matrix-frame.tsx'
import { ObjectMultiSelect } from '../../components/object/object-multi-select.tsx'
import { Section } from '../../components/page-header.tsx'
import { Loaded } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useCan } from '../../session/session.tsx'
import { text, type TextCode } from '../../texts/text.ts'
import { joinRequested, splitWords } from '../../components/decision/simulation.ts'

/** Different from the names of the single request, so that both fit in one URL. */
const CHOICE = ['groups', 'users', 'connections', 'ask'] as const

type Matrix = AnswerTo<'simulate.matrix'>

export function SimulatorMatrix() {
  const can = useCan()
  const { filters, set } = useFilters(CHOICE)
  if (!can('simulate.matrix')) return null
  const choose = (name: (typeof CHOICE)[number]) => (ids: readonly string[]) =>
    set({ [name]: ids.join(' ') || undefined })
  const about = { groups: splitWords(filters.groups), users: splitWords(filters.users) }
  return (
    <Section title={text('matrix.title')}>
      <p className="cw-quiet-text">{text('matrix.lead')}</p>
      <div className="cw-filters">
        <ObjectMultiSelect
          of="groups"
          label={text('matrix.groups')}
          value={about.groups}
          change={choose('groups')}
        />
        <ObjectMultiSelect
          of="users"
          label={text('word.users')}
          value={about.users}
          change={choose('users')}
        />
        <ObjectMultiSelect
          of="connections"
          label={text('word.connections')}
          value={splitWords(filters.connections)}
          change={choose('connections')}
        />
        <TextInput
          label={text('decision.scope')}
          value={filters.ask ?? ''}
          onChange={({ currentTarget: { value } }) => set({ ask: value })}
          spellCheck={false}
        />
      </div>
      {about.groups.length + about.users.length === 0 ? (
        <p role="status">{text('matrix.none')}</p>
      ) : (
        <Answer
          about={about}
          connections={splitWords(filters.connections)}
          scope={splitWords(filters.ask).join(' ')}
        />
      )}
    </Section>
  )
}

interface AnswerProps {
  readonly about: { readonly groups: string[]; readonly users: string[] }
  readonly connections: string[]
  readonly scope: string
}

function Answer({ about, connections, scope }: AnswerProps) {
  const { groups, users } = about
  const query = useApi(
    'simulate.matrix',
    {
      body: {
        ...(groups.length === 0 ? {} : { groups }),
        ...(users.length === 0 ? {} : { users }),
        ...(connections.length === 0 ? {} : { connections }),
        ...(scope === '' ? {} : { scope }),
      },
    },
    { keepPrevious: true },
  )
  return (
    <Loaded query={query}>
      {({ body }) => (
        <>
          <p role="status">
            {text('matrix.allowed', { n: body.allowed, of: body.rows.length * body.connections.length })}
          </p>
          <Table matrix={body} scope={scope} />
        </>
      )}
    </Loaded>
  )
}

function Table({ matrix, scope }: { readonly matrix: Matrix; readonly scope: string }) {
  const { connections, rows } = matrix
  return (
    <MatrixFrame title={text('matrix.title')}>
      <thead>
        <tr>
          <th scope="col">{text('word.user')}</th>
          {connections.map(({ id }) => (
            <th key={id} scope="col">
              {id}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ user, username, cells }) => (
          <tr key={user}>
            <th scope="row">{username}</th>
            {connections.map((connection, at) => (
              <td key={connection.id}>
                <Cell username={username} connection={connection} scope={scope} cell={cells[at]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </MatrixFrame>
  )
}

interface CellProps {
  readonly username: string
  readonly connection: Matrix['connections'][number]
  readonly scope: string
  readonly cell: Matrix['rows'][number]['cells'][number] | undefined
}

/** The single request of a cell. */
function Cell({ username, connection: { id, app, audience, resources }, scope, cell }: CellProps) {
  if (cell === undefined) return null
  const { outcome, code } = cell
  const state = code === 'XAA0001' ? 'narrowed' : outcome
  const question = {
    user: username,
    app,
    audience,
    ...joinRequested(resources, splitWords(scope)),
  }
  const label = text(`chip.${state}` satisfies TextCode)
  return (
    <Link to="/simulator" search={question} aria-label={`${username}, ${id}: ${label}, ${code}`}>
      <StateChip state={state} label={code} />
    </Link>
  )
}
