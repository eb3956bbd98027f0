// Checks the ports given to `createResourceAs` and `createIdp` by programs without types, and by those that forgot an
// `await`: both would fail far from their cause.

/** @throws TypeError that says how to open the ports */
export function refuseMissingPorts(caller: string, ports: unknown): void {
  const isObject = typeof ports === 'object' && ports !== null
  if (isObject && 'then' in ports)
    throw new TypeError(`${caller}: the ports are a promise. Write \`await openPorts(…)\`.`)
  if (!isObject || !('keyStore' in ports))
    throw new TypeError(
      `${caller}: the second argument must have all ports, as \`await openPorts('sqlite:./data/my.db')\` of @crosswalk/storage returns them.`,
    )
}
