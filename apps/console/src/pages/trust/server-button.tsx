// Changes the definition of an authorization server, unless the configuration file owns it.
import { type Action, ActionButton, useForbiddenReason } from '../../components/actions.tsx'
import { text } from '../../texts/text.ts'
import type { AuthorizationServer } from './authorization-server.ts'

interface ServerButtonProps extends Pick<Action, 'label' | 'button' | 'run'> {
  readonly server: AuthorizationServer
}

export function ServerButton({ server, ...action }: ServerButtonProps) {
  const forbiddenReason = useForbiddenReason()('authorization-servers.change')
  const disabled = forbiddenReason ?? (server.owner === 'file' ? text('connection.fileOwned') : undefined)
  return <ActionButton action={{ ...action, disabled }} />
}
