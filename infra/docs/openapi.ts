import { join } from 'node:path'
import { createOpenApiDocument } from '@rollcall/http/openapi'
import type { Api } from '@rollcall/http/operation'
import { type ServiceName, serviceNames } from '@rollcall/stack/services'

/** One document over all services: callers see one origin. */
export async function openApiDocument() {
  return createOpenApiDocument({ title: 'Rollcall', version: '0.1.0', apis: await everyApi() })
}

export async function everyApi(): Promise<Api[]> {
  return (await Promise.all(serviceNames.map(apisOf))).flat()
}

async function apisOf(service: ServiceName): Promise<Api[]> {
  const { apis } = await import(join(import.meta.dirname, '../../services', service, 'src/api.ts'))
  return apis
}
