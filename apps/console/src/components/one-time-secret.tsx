// A new secret, which is shown once: until the user says that it is stored. Leaving before it is copied or stored asks first.
import { Alert, Checkbox } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useCallback, useState } from 'react'

import { text } from '../texts/text.ts'
import { CodeBlock } from './code-block.tsx'
import { LeaveGuard } from './leave-guard.tsx'

interface OneTimeSecretProps {
  readonly secret: string
  readonly stored: () => void
}

/** The client secret of an app. */
export function OneTimeSecret({ secret, stored }: OneTimeSecretProps) {
  const [ticked, setTicked] = useState(false)
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      title={text('secret.once')}
      icon={<IconKey size={20} aria-hidden="true" />}
      mb="md"
    >
      <SecretCode label={text('word.clientSecret')} secret={secret} isStored={ticked} />
      <Checkbox
        label={text('secret.stored')}
        checked={ticked}
        onChange={() => {
          setTicked(true)
          stored()
        }}
      />
    </Alert>
  )
}

interface SecretCodeProps {
  readonly label: string
  readonly secret: string
  readonly isStored?: boolean
}

/** The secret itself, for a dialog that stays open until it is stored. */
export function SecretCode({ label, secret, isStored = false }: SecretCodeProps) {
  const [copied, setCopied] = useState(false)
  return (
    <>
      <LeaveGuard of="secret" changed={secret !== '' && !copied && !isStored} />
      <CodeBlock label={label} code={secret} onCopied={useCallback(() => setCopied(true), [])} />
    </>
  )
}
