/** A problem that keeps the world from starting, in words for the user at the terminal. */
export class WorldError extends Error {
  override readonly name = 'WorldError'
}
