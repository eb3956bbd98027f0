// The environment variable through which `npm test` passes the browser to tests; set it by hand to run such a test
// separately.

export const BROWSER_VARIABLE = 'CROSSWALK_TEST_CHROMIUM'
