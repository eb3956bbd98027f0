// `crosswalk listen`: follows audit events, and forwards them to a receiver that is being developed.
import { type Command, Option } from 'commander'

import { addTail } from '../admin/route-commands.ts'
import { addExample } from '../example.ts'
import type { ForwardOptions } from '../listen/forward-events.ts'
import type { CommandTerminal } from '../terminal.ts'
import { NO_EXPORT } from './audit.ts'
import { renderEvent } from './render-event.ts'
import { EVENT_FILTERS } from './audit-filters.ts'

export function addListenCommand(program: Command, terminal: CommandTerminal): void {
  const command = addTail(program, terminal, {
    verb: 'listen',
    route: 'audit.list',
    description: 'follow audit events, and forward them to a receiver on this machine',
    options: { ...EVENT_FILTERS, ...NO_EXPORT },
    local: [
      new Option(
        '--forward-to <url>',
        'send each batch here, as an HTTP stream does; signed with CROSSWALK_LISTEN_SECRET if it is set',
      ),
      new Option('--receiver <product>', 'format of a batch')
        .choices(['lines', 'splunk', 'datadog', 'elastic'])
        .default('lines'),
      new Option('--format <format>', 'events as they are, or in OCSF')
        .choices(['ndjson', 'ocsf'])
        .default('ndjson'),
    ],
    async prepareDelivery(typed) {
      if (typed['forwardTo'] === undefined) return undefined
      const { createForwarder } = await import('../listen/forward-events.ts')
      return createForwarder(terminal, typed as unknown as ForwardOptions)
    },
    idOf: ({ id }) => id,
    timeOf: ({ time }) => time,
    render: renderEvent,
  })
  addExample(command, 'npx crosswalk listen --forward-to http://127.0.0.1:8080/in --type idjag.denied')
}
