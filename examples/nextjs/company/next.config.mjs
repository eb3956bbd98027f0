// What opens a database is left to Node.js instead of being bundled.
export default { serverExternalPackages: ['@crosswalk/idp', '@crosswalk/storage'] }
