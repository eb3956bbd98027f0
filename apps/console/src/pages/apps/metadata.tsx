// The published metadata of a resource app, fetched on request, with its differences from the definition.
import { Button } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

import type { ResourceApp } from '../../api/objects.ts'
import { useApi } from '../../api/queries.ts'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { EmptyState, ForbiddenState, Loaded, Loading } from '../../components/states.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { type Discovery, FactList } from '../connections/discovery-facts.tsx'

export function Metadata({ resourceApp }: { readonly resourceApp: ResourceApp }) {
  const can = useCan()
  const addresses = resourceApp.resources.map(({ id }) => id).filter((id) => /^https?:/.test(id))
  const urls = addresses.length === 0 ? [resourceApp.issuer] : addresses
  const [requested, setRequested] = useState(false)
  if (!can('discover')) return <ForbiddenState />
  if (!requested)
    return (
      <EmptyState
        icon={<IconSearch size={32} />}
        title={text('word.publishedMetadata')}
        actions={
          <Button variant="filled" onClick={() => setRequested(true)}>
            {text('new.readMetadata')}
          </Button>
        }
      >
        {text('resourceApp.metadataText')}
      </EmptyState>
    )
  return urls.map((url) => <Published key={url} url={url} resourceApp={resourceApp} />)
}

function Published({ url, resourceApp }: { readonly url: string; readonly resourceApp: ResourceApp }) {
  const query = useApi('discover', { body: { url, issuer: resourceApp.issuer } })
  return (
    <Section title={url}>
      <Loaded query={query} skeleton={<Loading lines={4} />}>
        {({ body }) => (
          <>
            <Differences url={url} resourceApp={resourceApp} discovery={body} />
            <FactList discovery={body} />
          </>
        )}
      </Loaded>
    </Section>
  )
}

interface DifferencesProps {
  readonly url: string
  readonly resourceApp: ResourceApp
  readonly discovery: Discovery
}

function Differences({ url, resourceApp, discovery }: DifferencesProps) {
  // Without scopes in the metadata there is nothing to compare.
  if (discovery.resource === null || discovery.scopes.length === 0) return null
  const known = resourceApp.resources.find(({ id }) => id === url)?.scopes ?? []
  const added = discovery.scopes.filter((scope) => !known.includes(scope))
  const gone = known.filter((scope) => !discovery.scopes.includes(scope))
  if (added.length + gone.length === 0) return <StateChip state="ok" label={text('resourceApp.sameScopes')} />
  return (
    <div className="cw-card">
      <StateChip state="warn" label={text('resourceApp.scopesDiffer')} />
      <Facts
        facts={[
          added.length === 0 ? null : [text('resourceApp.onlyThere'), <Tokens items={added} />],
          gone.length === 0 ? null : [text('resourceApp.onlyHere'), <Tokens items={gone} />],
        ]}
      />
    </div>
  )
}
