/** @returns the path in the URL of an embedded database, or `:memory:`; undefined for any other database */
export function findSqlitePath(databaseUrl: string): string | undefined {
  return /^sqlite:(.+)$/.exec(databaseUrl)?.[1]
}
