// The page of one object, by the id in its URL.
import type { Collection, ViewOf } from '@crosswalk/admin-api'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'

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
  const query = useRead(collection, usePageId())
  return (
    <Loaded query={query}>
      {({ body, etag = '' }) =>
        children(body as unknown as ViewOf<C>, { etag, reload: () => void query.refetch() })
      }
    </Loaded>
  )
}

/** @returns the `$id` of the URL */
export function usePageId(): string {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  return id
}
