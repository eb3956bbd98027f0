export const GET = () => new Response('Todo0')
