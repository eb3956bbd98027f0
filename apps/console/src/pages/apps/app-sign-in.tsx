// The redirect URIs and logout endpoints of an app.
import type { App } from '../../api/objects.ts'
import { Copyable } from '../../components/code-block.tsx'
import { copyFact, Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export function AppSignIn({ app }: { readonly app: App }) {
  const { issuer } = useSession()
  const { redirectUris, postLogoutRedirectUris, backchannelLogoutUri, maxSubjectTokenAgeSeconds } = app
  const pkceOptional = app.pkce === 'optional' && app.auth.method !== 'none'
  return (
    <>
      {redirectUris.length === 0 ? (
        <EmptyState title={text('app.noRedirects')}>{text('app.noRedirectsText')}</EmptyState>
      ) : (
        <div className="cw-card">
          <Facts
            facts={[
              [text('app.redirectUris'), <Addresses what={text('app.redirectUris')} urls={redirectUris} />],
              [
                text('app.postLogout'),
                <Addresses what={text('app.postLogout')} urls={postLogoutRedirectUris} />,
              ],
              [
                text('app.backchannel'),
                <Addresses
                  what={text('app.backchannel')}
                  urls={backchannelLogoutUri === undefined ? [] : [backchannelLogoutUri]}
                />,
              ],
              [text('app.idTokenAlgorithm'), app.idTokenSigningAlg ?? text('app.idpDefault')],
              [text('app.idTokenLifetime'), app.idTokenTtlSeconds ?? text('app.idpDefault')],
              [text('app.pkce'), text(pkceOptional ? 'app.pkceOptional' : 'app.pkceRequired')],
              [text('app.maxTokenAge'), maxSubjectTokenAgeSeconds ?? text('app.maxTokenAgeNone')],
            ]}
          />
        </div>
      )}
      {issuer === undefined ? null : (
        <Section title={text('app.developers')}>
          <p className="cw-quiet-text">{text('app.developersText')}</p>
          <div className="cw-card">
            <Facts facts={[copyFact('word.issuer', issuer), copyFact('word.clientID', app.id)]} />
          </div>
        </Section>
      )}
    </>
  )
}

function Addresses({ what, urls }: { readonly what: string; readonly urls: readonly string[] }) {
  if (urls.length === 0) return text('word.none')
  return (
    <ul className="cw-plain-list">
      {urls.map((url) => (
        <li key={url}>
          <Copyable what={what} value={url} />
        </li>
      ))}
    </ul>
  )
}
