// One POST of a webhook. Knows nothing of queues or payloads.
import { request } from 'node:http'
import type { ClientRequest } from 'node:http'

/** What one POST carries. */
export interface WebhookPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Gives up before the time is over. */
  readonly signal: AbortSignal
  /** Ends the connection in the middle of the request, or when the answer comes. */
  readonly cut?: 'in_body' | 'at_answer'
}

/** How long GitHub waits for an answer. */
const answerTimeoutMs = 10_000

/** Posts a webhook and returns the HTTP status, or 0 when nobody answered in time. */
export function postWebhook({ url, headers, body, signal, cut }: WebhookPost): Promise<number> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body)
    const post = request(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'Content-Length': bytes.length },
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    })
    post.once('response', (response) => {
      if (cut === 'at_answer') {
        post.destroy()
        resolve(0)
        return
      }
      // The status counts, also when the rest of the answer never comes.
      response.resume().once('close', () => resolve(response.statusCode ?? 0))
    })
    post.once('error', () => resolve(0))
    if (cut === 'in_body') sendHalf(post, bytes)
    else post.end(bytes)
  })
}

// Cut only when the half is out of our hands, so that the receiver really begins to read.
function sendHalf(post: ClientRequest, bytes: Buffer): void {
  post.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => post.destroy())
}
