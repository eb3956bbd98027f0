// How `npm test` tells browser tests which browser to drive; set it by hand to run such a test on its own.

export const BROWSER_VARIABLE = 'CROSSWALK_TEST_CHROMIUM'
