export { createNotes0, type Notes0Options } from './app.ts'
