// The command that proves a connection on the machine of its app.
import { CodeBlock } from '../../../components/code-block.tsx'
import { useSession } from '../../../session/session.tsx'
import '../../../texts/en/proofs.ts'
import { text } from '../../../texts/text.ts'
import { buildCommand } from './build-command.ts'
import type { Parties } from './parties.ts'

export function CommandLine(parties: Parties) {
  const { issuer = '' } = useSession()
  return (
    <>
      <p>{text('prove.commandLead')}</p>
      <CodeBlock label={text('viewAs.cli')} code={buildCommand(parties, issuer)} />
      <p className="cw-quiet-text">{text('prove.playground')}</p>
    </>
  )
}
