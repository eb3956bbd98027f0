// `crosswalk trigger`: sends a test event to the receiver of an event stream.
import type { Command } from 'commander'

import { addCall } from '../admin/route-commands.ts'
import { addExample } from '../example.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addTriggerCommand(program: Command, terminal: CommandTerminal): void {
  const command = addCall(program, terminal, {
    verb: 'trigger',
    route: 'audit-streams.test',
    description:
      'send a test event to the receiver of an event stream; it is marked as a test, and in no log',
    arguments: { id: 'id of the stream', type: 'type of the event' },
    schema: 'crosswalk.stream-test/v1',
    render: ({ id, delivered, error, answer }, { params: { id: stream = '' } }) => [
      delivered
        ? `✓ ${stream} took the test event ${id}`
        : `✕ ${stream} did not take the test event ${id}: ${error ?? ''}`,
      ...(answer ? [`  answer: ${answer}`] : []),
    ],
    exit: ({ delivered }) => (delivered ? undefined : EXIT.negative),
  })
  addExample(command, 'npx crosswalk trigger siem idjag.denied')
}
