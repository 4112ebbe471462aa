// What a route gives back: an answer, or a refusal in the shape of GitHub's errors.

/** An HTTP answer; `json` and `raw` exclude each other. */
export interface Answer {
  readonly status: number
  readonly json?: unknown
  readonly raw?: Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** Why a call is refused; rendered as GitHub's error JSON. */
export class ApiRefusal extends Error {
  readonly status: number
  readonly errors: readonly unknown[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    message: string,
    more: { errors?: unknown[]; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.errors = more.errors
    this.headers = more.headers ?? {}
  }
}

/** Returns the refusal for everything that does not exist or may not be seen. */
export function notFound(): ApiRefusal {
  return new ApiRefusal(404, 'Not Found')
}

/** Returns the refusal for a body that fails GitHub's validation. */
export function invalid(message: string): ApiRefusal {
  return new ApiRefusal(422, `Invalid request.\n\n${message}`, { errors: [message] })
}

/** Returns the answer that a refusal stands for. */
export function toRefusalAnswer({ status, message, errors, headers }: ApiRefusal): Answer {
  const json = {
    message,
    ...(errors && { errors }),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  }
  return { status, json, headers }
}
