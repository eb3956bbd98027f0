// The page of one object, by the id in its URL.
import type { Collection, ViewOf } from '@crosswalk/admin-api'
import { useParams } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'

import { Loaded } from '../states.tsx'
import { useRead } from './object-types.ts'

export interface ReadObject {
  readonly etag: string
  readonly reload: () => void
}

interface ObjectPageProps<C extends Collection> {
  readonly collection: C
  readonly children: (object: ViewOf<C>, read: ReadObject) => ReactNode
}

export function ObjectPage<C extends Collection>({ collection, children }: ObjectPageProps<C>) {
  const id = usePageId()
  const query = useRead(collection, id)
  return (
    <Loaded query={query}>
      {({ body, etag = '' }) => (
        // Secrets, drafts and open dialogs of one object must not appear on the page of another.
        <Fragment key={id}>
          {children(body as unknown as ViewOf<C>, { etag, reload: () => void query.refetch() })}
        </Fragment>
      )}
    </Loaded>
  )
}

/** @returns the `$id` of the URL */
export function usePageId(): string {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  return id
}
