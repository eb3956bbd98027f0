// How to mount the server in frameworks that speak Node.js.
export {
  type EmbeddedServer,
  type FastifyHook,
  type NodeMiddleware,
  toFastifyHook,
  toMiddleware,
} from '@crosswalk/authorization-server/node'
