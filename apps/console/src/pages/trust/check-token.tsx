// Checks a pasted ID-JAG in this browser against the definitions of the local servers. It is not sent anywhere.
import { Textarea } from '@mantine/core'
import { useState } from 'react'

import type { AuthorizationServer } from '../../api/objects.ts'
import { StateChip } from '../../components/chips.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { Section } from '../../components/page-header.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { text } from '../../texts/text.ts'
import { type ClaimResult, checkClaims, readToken } from './check-claims.ts'

export function CheckToken({ servers }: { readonly servers: readonly AuthorizationServer[] }) {
  const [pasted, setPasted] = useState('')
  const now = useNow()
  const token = readToken(pasted)
  return (
    <Section title={text('issuers.check')}>
      <div className="cw-card">
        <Textarea
          label={text('issuers.paste')}
          description={text('issuers.pasteHelp')}
          autosize
          minRows={3}
          maxRows={8}
          spellCheck={false}
          autoComplete="off"
          value={pasted}
          onChange={({ currentTarget }) => setPasted(currentTarget.value)}
        />
        {pasted.trim() === '' ? null : token === undefined ? (
          <p role="status" className="cw-trust-result">
            {text('issuers.noJwt')}
          </p>
        ) : (
          <div className="cw-trust-result">
            <ul className="cw-plain-list" role="status">
              {checkClaims(token, servers, now / 1000).map((finding) => (
                <FindingLine key={finding.what} finding={finding} />
              ))}
            </ul>
            <p className="cw-quiet-text">{text('issuers.notVerified')}</p>
            <CodeBlock label={text('issuers.header')} code={JSON.stringify(token.header, null, 2)} />
            <CodeBlock label={text('connection.claims')} code={JSON.stringify(token.claims, null, 2)} />
          </div>
        )}
      </div>
    </Section>
  )
}

function FindingLine({ finding: { what, good, value } }: { readonly finding: ClaimResult }) {
  return (
    <li className="cw-row cw-trust-finding">
      <StateChip state={good ? 'ok' : 'warn'} label={text(good ? 'chip.ok' : 'chip.deny')} />
      <span>{text(`issuers.${what}.${good ? 'good' : 'bad'}`, { value })}</span>
    </li>
  )
}
