// What is reserved for the console: no app of a configuration has its id, nothing else its path.
export const CONSOLE_CLIENT_ID = 'crosswalk-console'

export const CONSOLE_PATH = '/admin'
