// Records the requests and responses of a step, in a form that can be shown.
import {
  type Exchange,
  type GuardedSender,
  type HideSecret,
  hideSecret,
  redactRequest,
  redactResponse,
  type ShownExchange,
} from '@crosswalk/lab'

export function createRecordingSender(sender: GuardedSender): {
  readonly recorder: GuardedSender
  readonly sent: readonly ShownExchange[]
  /** The masked secrets; never shown */
  readonly secrets: ReadonlySet<string>
} {
  const sent: ShownExchange[] = []
  const secrets = new Set<string>()
  const hide: HideSecret = (secret) => {
    secrets.add(secret)
    return hideSecret(secret)
  }
  const recorder: GuardedSender = {
    async send(request) {
      const exchange = await sender.send(request)
      sent.push(showExchange(exchange, hide))
      return exchange
    },
    close: () => sender.close(),
  }
  return { recorder, sent, secrets }
}

function showExchange(exchange: Exchange, hide: HideSecret): ShownExchange {
  const { request, sentHeaders = {}, problem, ms, headers, text } = exchange
  const response = redactResponse(exchange, hide)
  const isPage = headers['content-type']?.startsWith('text/html') === true
  return {
    request: redactRequest({ ...request, headers: sentHeaders }, hide),
    // Pages are not shown: their forms contain single-use sign-in values.
    response: isPage ? { ...response, body: `[a page of ${text.length} characters]` } : response,
    ...(problem === undefined ? {} : { problem: `${problem.reason} ${problem.detail ?? ''}`.trim() }),
    ms,
  }
}
