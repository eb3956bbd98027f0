// What a server undoes when it stops, last first. Like AsyncDisposableStack, which Node.js 22 lacks.

export interface CleanUp {
  defer(undo: () => unknown): void
  /** Undoes everything once, even after failures. @throws the failures */
  run(): Promise<void>
}

export function createCleanUp(): CleanUp {
  const undos: (() => unknown)[] = []
  let running: Promise<void> | undefined
  async function undoAll(): Promise<void> {
    const failures: unknown[] = []
    for (const undo of undos.toReversed()) {
      try {
        await undo()
      } catch (failure) {
        failures.push(failure)
      }
    }
    if (failures.length > 1) throw new AggregateError(failures, 'several parts of the server did not stop')
    if (failures.length === 1) throw failures[0]
  }
  return {
    defer: (undo) => void undos.push(undo),
    run: () => (running ??= undoAll()),
  }
}
