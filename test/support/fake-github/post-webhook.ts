// One POST of a webhook. Knows nothing of queues, faults or payloads.
import { request } from 'node:http'

/** What one POST carries. */
export interface WebhookPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How long GitHub waits for an answer. */
const answerTimeoutMs = 10_000

/** Posts a webhook and returns the HTTP status, or 0 when nobody answered in time. */
export function postWebhook({ url, headers, body }: WebhookPost): Promise<number> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body)
    const post = request(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'Content-Length': bytes.length },
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    post.once('response', (response) => {
      response.resume()
      response.once('close', () => resolve(response.statusCode ?? 0))
    })
    post.once('error', () => resolve(0))
    post.end(bytes)
  })
}
