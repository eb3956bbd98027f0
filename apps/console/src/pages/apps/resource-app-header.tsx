// The header of a resource app page, with its actions.
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'

import { ObjectHeader } from '../../components/object/object-header.tsx'
import { text } from '../../texts/text.ts'
import { ResourceAppFields } from './resource-app-fields.tsx'
import type { ResourceApp } from './resource-apps-page.tsx'
import type { ReadObject } from '../../components/object/object-page.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

interface ResourceAppHeaderProps extends ReadObject {
  readonly resourceApp: ResourceApp
}

export function ResourceAppHeader({ resourceApp, etag, reload }: ResourceAppHeaderProps) {
  const navigate = useNavigate()
  const { id, name, active } = resourceApp
  return (
    <ObjectHeader
      collection="resource-apps"
      object={resourceApp}
      etag={etag}
      parent={{ to: '/resource-apps', label: text('nav.resourceApps') }}
      title={name}
      chip={active ? 'active' : 'inactive'}
      lead={text('resourceApp.lead', { name })}
      form={{ reload, fields: (draft, change) => <ResourceAppFields draft={draft} change={change} /> }}
      acts={[
        {
          label: text('new.create'),
          icon: smallIcon(IconPlus),
          needs: 'connections.create',
          run: () => void navigate({ to: '/connections/new', search: { resourceApp: id } }),
        },
      ]}
    />
  )
}
