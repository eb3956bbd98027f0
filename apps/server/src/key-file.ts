/** Where the master key is kept: beside an embedded database, whose secrets it protects; in `./data` for any other. */
export function findKeyFile(databaseUrl: string): string {
  const file = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : ''
  return file === '' || file === ':memory:' ? './data/crosswalk.key' : `${file}.key`
}
