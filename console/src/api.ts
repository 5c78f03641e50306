// The API's client, typed by its OpenAPI document. Every refusal is thrown as a Problem.
import createClient from 'openapi-fetch'
import { withConsent, withToken } from '@mini/platform/request'
import type { paths } from '@mini/services/api'
import { fetched, requestHeaders } from './platform/http'

const client = createClient<paths>({
  fetch: (request) =>
    withConsent(() =>
      withToken((token) => {
        const headers = new Headers(request.headers)
        for (const [name, value] of Object.entries(requestHeaders({}, token))) headers.set(name, value)
        return fetched(new Request(request.clone(), { headers }), {})
      }),
    ),
})

export const { GET, POST, PUT, PATCH, DELETE } = client

/** The body of an answer: `await data(GET('/api/v1/me'))`. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}
