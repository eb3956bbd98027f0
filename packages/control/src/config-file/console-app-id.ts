// Reserved for the console: no configured app may use this id, and no other route this path.
export const CONSOLE_CLIENT_ID = 'crosswalk-console'

export const CONSOLE_PATH = '/admin'
