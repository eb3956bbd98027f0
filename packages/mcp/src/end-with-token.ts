// An open stream carries what happens later, so it is held to the token as every request is: nothing is sent once the token
// was revoked or has expired. Asked before each part that is sent, the keep-alives included, so a silent stream costs nothing.

/** @param stands - whether the token still counts */
export function endWithToken(response: Response, stands: () => Promise<boolean>): Response {
  if (response.body === null) return response
  const guarded = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      async transform(part, controller) {
        if (await stands()) controller.enqueue(part)
        else controller.terminate()
      },
    }),
  )
  return new Response(guarded, response)
}
