// Accepts an invitation of another company: its contents, the resulting definitions and, once applied, the new secret.
import { FileInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'

import type { OpenedInvitation } from '@crosswalk/admin-api'

import type { CallTo } from '../../../api/client.ts'
import { useApi } from '../../../api/queries.ts'
import { ChangeProblem } from '../../../components/change-problem.tsx'
import { LeaveGuard } from '../../../components/leave-guard.tsx'
import { OneTimeSecret } from '../../../components/one-time-secret.tsx'
import { PageHeader, Section } from '../../../components/page-header.tsx'
import { text } from '../../../texts/text.ts'
import { InvitationFacts } from './invitation-facts.tsx'
import { InvitationOptions, type InvitationOptionValues } from './invitation-options.tsx'
import { InvitationPlan } from './invitation-plan.tsx'
import { smallIcon } from '../../../components/small-icon.tsx'

type OpenCall = CallTo<'invitations.open'>

const NO_OPTIONS: InvitationOptionValues = {}

export function Page() {
  const [signed, setSigned] = useState<string | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [options, setOptions] = useState(NO_OPTIONS)
  const [secret, setSecret] = useState<string | undefined>(undefined)
  const [accepted, setAccepted] = useState(NO_OPTIONS)
  const call: OpenCall = { body: { signed: signed ?? '', ...options } }
  const query = useApi('invitations.open', call, { enabled: signed !== undefined, keepPrevious: true })
  const { opened, failed } = useLastAnswer(signed, query)

  async function read(file: File | null): Promise<void> {
    setOptions(NO_OPTIONS)
    const found = file === null ? undefined : await readSigned(file)
    setSigned(found)
    setProblem(file !== null && found === undefined ? text('invitation.otherFile') : undefined)
  }
  function apply(created: string | undefined): void {
    setAccepted(options)
    // The secret of an earlier invitation stays until it is stored.
    if (created !== undefined) setSecret(created)
  }
  return (
    <>
      <PageHeader title={text('nav.invitation')} lead={text('invitation.lead')} />
      <LeaveGuard changed={options !== NO_OPTIONS && options !== accepted} />
      <div className="cw-card cw-form">
        <FileInput
          label={text('word.invitation')}
          description={text('invitation.fileHelp')}
          placeholder={text('invitation.choose')}
          accept="application/json,.json"
          leftSection={smallIcon(IconUpload)}
          error={problem}
          clearable
          clearButtonProps={{ 'aria-label': text('invitation.remove') }}
          onChange={(file) => void read(file)}
        />
      </div>
      {query.isError && signed !== undefined ? <ChangeProblem error={query.error} /> : null}
      {opened === undefined || failed ? null : <InvitationFacts opened={opened} />}
      {signed === undefined ? null : (
        <InvitationOptions opened={opened} failed={failed} options={options} change={setOptions} />
      )}
      {opened === undefined || failed ? null : (
        <InvitationPlan opened={opened} current={!query.isPlaceholderData} applied={apply} />
      )}
      {secret === undefined ? null : (
        <Section title={text('word.clientSecret')}>
          <p>{text('invitation.secretHelp')}</p>
          <OneTimeSecret key={secret} secret={secret} stored={() => setSecret(undefined)} />
        </Section>
      )}
    </>
  )
}

interface Answer {
  readonly signed: string | undefined
  readonly opened: OpenedInvitation | undefined
  readonly failed: boolean
}

/** Keeps the fields and their input while a failed query is repeated. */
function useLastAnswer(
  signed: string | undefined,
  {
    data,
    isError,
    isPending,
  }: { data?: { body: OpenedInvitation } | undefined; isError: boolean; isPending: boolean },
): Answer {
  const [last, setLast] = useState<Answer>({ signed: undefined, opened: undefined, failed: false })
  const isOther = signed !== last.signed
  if (isPending && !isOther) return last
  const answer = {
    signed,
    opened: signed === undefined || isPending ? undefined : data?.body,
    failed: isError,
  }
  if (isOther || answer.opened !== last.opened || answer.failed !== last.failed) setLast(answer)
  return answer
}

/** The server reports other problems of the file. */
async function readSigned(file: File): Promise<string | undefined> {
  try {
    const { schema, signed } = JSON.parse(await file.text()) as Readonly<Record<string, unknown>>
    return schema === 'crosswalk.invitation/v1' && typeof signed === 'string' ? signed : undefined
  } catch {
    return undefined
  }
}
