export { createNotes0, type Notes0Options } from './app.ts'
export { createNoteServer, NOTE_TOOL_SCOPES } from './note-tools.ts'
export { createNotes, type Notes, openNotes } from './notes.ts'
