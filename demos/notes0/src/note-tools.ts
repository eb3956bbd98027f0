// The tools of Notes0 for agents, for one account. Access is checked before they are called.
import { answerTool, refuseTool } from '@crosswalk/demo-kit'
import { withEnterpriseAuthorization } from '@crosswalk/mcp/server'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

import { MAX_NOTE_LENGTH, type Notes } from './notes.ts'

/** The scope that each tool needs. */
export const NOTE_TOOL_SCOPES = { list_notes: 'notes.read', add_note: 'notes.write' } as const

const zNote = z.object({ id: z.string(), text: z.string() })

export function createNoteServer(notes: Notes, account: string): McpServer {
  const server = new McpServer(
    { name: 'notes0', version: '0.1.0' },
    { capabilities: withEnterpriseAuthorization() },
  )
  server.registerTool(
    'list_notes',
    {
      description: 'Lists all notes of the user.',
      inputSchema: z.object({}),
      outputSchema: z.object({ notes: z.array(zNote) }),
      annotations: { readOnlyHint: true },
    },
    () => answerTool({ notes: notes.list(account) }),
  )
  server.registerTool(
    'add_note',
    {
      description: 'Adds a note.',
      inputSchema: z.object({ text: z.string().trim().min(1).max(MAX_NOTE_LENGTH) }),
      outputSchema: z.object({ note: zNote }),
    },
    ({ text }) => {
      const note = notes.add(account, text)
      return note === undefined ? refuseTool('The list is full.') : answerTool({ note })
    },
  )
  return server
}
