// The head of a resource app's page, and what can be done with it.
import { IconCode, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { OwnerChip, StateChip } from '../../components/chips.tsx'
import { DeleteObject } from '../../components/object/delete-object.tsx'
import { EditObject } from '../../components/object/edit-object.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ViewAs } from '../../components/view-as.tsx'
import { text } from '../../texts/text.ts'
import { ResourceAppFields } from './resource-app-fields.tsx'
import type { ResourceApp } from './resource-apps-page.tsx'

interface ResourceAppHeaderProps {
  readonly resourceApp: ResourceApp
  readonly etag: string
  readonly reload: () => void
}

export function ResourceAppHeader({ resourceApp, etag, reload }: ResourceAppHeaderProps) {
  const [open, setOpen] = useState<'edit' | 'delete' | 'view-as' | undefined>(undefined)
  const navigate = useNavigate()
  const close = () => setOpen(undefined)
  const { id, name, owner, active, revision } = resourceApp
  const inFile = owner === 'file' ? text('connection.fileOwned') : undefined
  return (
    <>
      <PageHeader
        parent={{ to: '/resource-apps', label: text('nav.resourceApps') }}
        title={name}
        chips={
          <>
            <StateChip state={active ? 'active' : 'inactive'} />
            <OwnerChip owner={owner} />
          </>
        }
        lead={text('resourceApp.lead', { name })}
        actions={[
          {
            label: text('connection.edit'),
            icon: <IconPencil size={16} aria-hidden="true" />,
            inMenu: 'usual',
            keys: 'e',
            needs: 'resource-apps.change',
            disabled: inFile,
            run: () => setOpen('edit'),
          },
          {
            label: text('app.connect'),
            icon: <IconPlus size={16} aria-hidden="true" />,
            needs: 'connections.create',
            run: () => void navigate({ to: '/connections/new', search: { resourceApp: id } as never }),
          },
          {
            label: text('viewAs.open'),
            icon: <IconCode size={16} aria-hidden="true" />,
            inMenu: 'usual',
            run: () => setOpen('view-as'),
          },
          {
            label: text('connection.delete'),
            icon: <IconTrash size={16} aria-hidden="true" />,
            needs: 'resource-apps.delete',
            inMenu: 'dangerous',
            disabled: inFile,
            run: () => setOpen('delete'),
          },
        ]}
      />
      <EditObject
        collection="resource-apps"
        object={resourceApp}
        etag={etag}
        title={text('app.edit', { name })}
        opened={open === 'edit'}
        close={close}
        reload={reload}
        fields={(draft, change) => <ResourceAppFields draft={draft} change={change} />}
      />
      <DeleteObject
        collection="resource-apps"
        id={id}
        etag={etag}
        revision={revision}
        opened={open === 'delete'}
        close={close}
        to="/resource-apps"
      />
      <ViewAs
        opened={open === 'view-as'}
        close={close}
        collection="resource-apps"
        id={id}
        object={resourceApp}
      />
    </>
  )
}
