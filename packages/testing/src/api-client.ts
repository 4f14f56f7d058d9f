export interface ApiAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape and compare what they find
  body: any
}

export interface CallOptions {
  body?: unknown
  token?: string
  headers?: Record<string, string>
}

export interface ApiClient {
  get(path: string, options?: CallOptions): Promise<ApiAnswer>
  post(path: string, options?: CallOptions): Promise<ApiAnswer>
  patch(path: string, options?: CallOptions): Promise<ApiAnswer>
  call(method: string, path: string, options?: CallOptions): Promise<ApiAnswer>
}

/** Calls an API as a client would; redirects are shown, not followed. */
export function createApiClient(baseUrl: string): ApiClient {
  async function call(method: string, path: string, { body, token, headers = {} }: CallOptions = {}) {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, headers: answer.headers, body: await readBody(answer) }
  }
  return {
    call,
    get: (path, options) => call('GET', path, options),
    post: (path, options) => call('POST', path, options),
    patch: (path, options) => call('PATCH', path, options),
  }
}

/** JSON as a value, text as text, anything else as bytes. */
async function readBody(answer: Response): Promise<unknown> {
  const type = answer.headers.get('content-type') ?? ''
  if (type.includes('json')) {
    // An answer to HEAD has the type of a body that is not there.
    const text = await answer.text()
    return text === '' ? undefined : JSON.parse(text)
  }
  if (type.startsWith('text/') || type === '') return answer.text()
  return Buffer.from(await answer.arrayBuffer())
}
