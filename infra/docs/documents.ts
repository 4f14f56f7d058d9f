import { asyncApiDocument } from '@rollcall/contracts/asyncapi'
import { openApiDocument } from './openapi.ts'
import { permissionsPage } from './permissions.ts'
import { gatewayAnswers, problemsPage } from './problems.ts'

/** Everything under `docs/api`, by file: made of what is served, so that it cannot differ from it. */
export async function documents(): Promise<Record<string, string>> {
  return {
    'openapi.json': asText(await openApiDocument()),
    'asyncapi.json': asText(asyncApiDocument()),
    'problems.json': asText(await gatewayAnswers()),
    'problems.html': problemsPage(),
    'permissions.md': await permissionsPage(),
  }
}

function asText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
