// Gives back what starting took: reading and compiling every module leaves as much behind as a running server needs, and
// a server that nobody asks for anything would keep it for good.

/** Takes a quarter of a second, so only before there is work. Without `--expose-gc` (see `tools/runtime.mjs`) nothing happens. */
export function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', flavor: 'last-resort' })
}
