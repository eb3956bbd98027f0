// Node.js loads the packages that open a database; Next.js must not bundle them.
export default { serverExternalPackages: ['@crosswalk/idp', '@crosswalk/storage'] }
