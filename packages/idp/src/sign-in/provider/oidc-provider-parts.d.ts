// The types of the library cover only its entry file.
declare module 'oidc-provider/lib/*'
