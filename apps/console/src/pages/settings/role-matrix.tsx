// Permissions by action and role, or of a single role.
import { Checkbox, TextInput } from '@mantine/core'
import { type Role, ROLES, type RouteRoles } from '@crosswalk/admin-api'
import { IconCheck, IconMinus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

import { MatrixFrame } from '../../components/matrix-frame.tsx'
import { text } from '../../texts/text.ts'
import { smallIcon } from '../../components/small-icon.tsx'

interface RoleMatrixProps {
  readonly routes: readonly RouteRoles[]
  readonly only: Role | undefined
}

export function RoleMatrix({ routes, only }: RoleMatrixProps) {
  const [wanted, setWanted] = useState('')
  const [changesOnly, setChangesOnly] = useState(false)
  const fitting = routes.filter(
    ({ summary, tag, name, changes }) =>
      (changes || !changesOnly) && `${tag} ${summary} ${name}`.toLowerCase().includes(wanted.toLowerCase()),
  )
  const roles = only === undefined ? ROLES : [only]
  return (
    <details className="cw-role-matrix" open={only !== undefined}>
      <summary>{text('roles.matrix')}</summary>
      <div className="cw-filters">
        <TextInput
          label={text('roles.filter')}
          value={wanted}
          leftSection={smallIcon(IconSearch)}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        />
        <Checkbox
          pb="xs"
          label={text('roles.changesOnly')}
          checked={changesOnly}
          onChange={({ currentTarget }) => setChangesOnly(currentTarget.checked)}
        />
      </div>
      {fitting.length === 0 ? (
        <p role="status">{text('roles.noneFits')}</p>
      ) : (
        <Matrix routes={fitting} roles={roles} />
      )}
    </details>
  )
}

function Matrix({
  routes,
  roles,
}: {
  readonly routes: readonly RouteRoles[]
  readonly roles: readonly Role[]
}) {
  const tags = [...new Set(routes.map(({ tag }) => tag))]
  return (
    <MatrixFrame title={text('roles.matrix')}>
      <thead>
        <tr>
          <th scope="col">{text('word.action')}</th>
          {roles.map((role) => (
            <th key={role} scope="col">
              {text(`role.${role}`)}
            </th>
          ))}
        </tr>
      </thead>
      {tags.map((tag) => (
        <tbody key={tag}>
          <tr>
            <th scope="rowgroup" colSpan={roles.length + 1} className="cw-matrix-group">
              {tag}
            </th>
          </tr>
          {routes
            .filter((route) => route.tag === tag)
            .map((route) => (
              <tr key={route.name}>
                <th scope="row">{route.summary}</th>
                {roles.map((role) => (
                  <td key={role}>
                    <PermissionIcon may={route.roles.includes(role)} />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      ))}
    </MatrixFrame>
  )
}

function PermissionIcon({ may }: { readonly may: boolean }) {
  return may ? (
    <IconCheck size={18} stroke={2.4} className="cw-check-pass" aria-label={text('roles.may')} />
  ) : (
    <IconMinus size={16} className="cw-check-quiet" aria-label={text('roles.mayNot')} />
  )
}
