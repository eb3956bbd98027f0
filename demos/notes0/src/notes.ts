// The notes of each account, in one JSON file. Independent of tokens and HTTP: an account is just a string.
import { randomUUID } from 'node:crypto'

import { type JsonFile, openJsonFile } from '@crosswalk/demo-kit'

export interface Note {
  readonly id: string
  readonly text: string
}

export interface Notes {
  list(account: string): readonly Note[]
  /** @returns undefined if the list is full */
  add(account: string, text: string): Note | undefined
}

export const MAX_NOTE_LENGTH = 2000
const MAX_NOTES = 500

/** The notes of a new account. */
const FIRST_NOTES: readonly Note[] = [
  {
    id: 'first-1',
    text: 'Notes0 has no page of its own. Agents read it for you, if your company allows it.',
  },
  { id: 'first-2', text: 'Agent0 may read these notes. It may not write any: try "add note hello".' },
]

type Lists = Readonly<Record<string, readonly Note[]>>

/** @throws SyntaxError if the file exists but is not JSON */
export function openNotes(path: string): Notes {
  return createNotes(openJsonFile<Lists>(path, {}))
}

export function createNotes(file: JsonFile<Lists>): Notes {
  const list = (account: string) => file.read()[account] ?? FIRST_NOTES
  return {
    list,
    add: (account, text) => {
      const notes = list(account)
      if (notes.length >= MAX_NOTES) return undefined
      const note = { id: randomUUID(), text }
      file.write({ ...file.read(), [account]: [...notes, note] })
      return note
    },
  }
}
