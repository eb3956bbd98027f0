// What the form of the consent page carries: which request of which user it answers, sealed, so that an answer counts only for the
// page that asked, in the account that saw it. That is also what stops other sites: they never see a form of this user.
import type { Clock, Form, Sealing } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import type { EpochMs } from '@crosswalk/protocol'

const LABEL = 'authorization-form'
const TTL_MS = 600_000

interface SealedForm {
  readonly query: string
  readonly accountId: string
  readonly expiresAt: EpochMs
}

export interface AskedForm extends SealedForm {
  readonly allowed: boolean
}

export interface FormParts {
  readonly sealing: Sealing
  readonly clock: Clock
  snapshot(): RedemptionSnapshot
}

export function sealForm(
  about: Pick<SealedForm, 'query' | 'accountId'>,
  { sealing, clock, snapshot }: FormParts,
): string {
  const form: SealedForm = { ...about, expiresAt: clock.nowMs() + TTL_MS }
  return sealing.seal(LABEL, snapshot().id, JSON.stringify(form))
}

/** @returns undefined for a form that is not ours, is too old, or says neither yes nor no */
export function openForm(form: Form, { sealing, clock, snapshot }: FormParts): AskedForm | undefined {
  const decision = form.get('decision')
  if (decision !== 'allow' && decision !== 'deny') return undefined
  try {
    const opened = JSON.parse(sealing.open(LABEL, snapshot().id, form.get('request') ?? '')) as SealedForm
    return opened.expiresAt > clock.nowMs() ? { ...opened, allowed: decision === 'allow' } : undefined
  } catch {
    return undefined
  }
}
