// A new secret: shown once, until the user confirms that it is saved.
import { Alert, Checkbox } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'

import { CodeBlock } from '../../components/code-block.tsx'
import { text } from '../../texts/text.ts'

interface OneTimeSecretProps {
  readonly secret: string
  readonly stored: () => void
}

export function OneTimeSecret({ secret, stored }: OneTimeSecretProps) {
  const [ticked, setTicked] = useState(false)
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      title={text('app.secretOnce')}
      icon={<IconKey size={20} aria-hidden="true" />}
      mb="md"
    >
      <CodeBlock label={text('word.clientSecret')} code={secret} />
      <Checkbox
        label={text('app.secretStored')}
        checked={ticked}
        onChange={() => {
          setTicked(true)
          stored()
        }}
      />
    </Alert>
  )
}
