import { createHttpApp, EXPOSED_HEADERS } from '@rollcall/http/app'
import { listen } from '@rollcall/http/listen'
import { type Html, html } from '@rollcall/http/page'
import { type ProblemCode, problemCodes, problemSlug, problems, problemType, statusOf } from '@rollcall/http/problems'
import { loadCatalogues } from '@rollcall/i18n/catalogues'
import { languages } from '@rollcall/i18n/languages'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'

const AWAY = { 'Retry-After': '2' }

interface GatewayProblem {
  code: ProblemCode
  detail: string
  /** Where it is another than the code's own. */
  status?: number
  headers?: Record<string, string>
}

/** What the gateway refuses itself, by the name under which its configuration goes there. */
const gatewayProblems: Record<string, GatewayProblem> = {
  'bad-request': { code: 'BadRequest', detail: 'the request could not be read' },
  'address-too-long': { code: 'BadRequest', status: 414, detail: 'the address is longer than 16 KB' },
  'headers-too-large': {
    code: 'BadRequest',
    status: 431,
    detail: 'a header is longer than 16 KB, or all of them than 64',
  },
  'not-found': { code: 'NotFound', detail: 'there is nothing at this path' },
  'not-allowed': { code: 'MethodNotAllowed', detail: 'this path does not take that method' },
  'too-large': { code: 'PayloadTooLarge', detail: 'the body is larger than 25 MB' },
  unavailable: {
    code: 'Unavailable',
    detail: 'this part of Rollcall is not running; try again shortly',
    headers: AWAY,
  },
  timeout: { code: 'Unavailable', status: 504, detail: 'the service did not answer in time', headers: AWAY },
}

/** What the gateway needs so that its own answers are like those of services (`infra/gateway/problems.js` reads it). */
export async function gatewayAnswers() {
  const entries = Object.entries(gatewayProblems).map(([name, { code, detail, status, headers = {} }]) => [
    name,
    { type: problemType(code), error: code, status: status ?? statusOf(code), detail, titles: titlesOf(code), headers },
  ])
  return {
    languages,
    headers: await headersOfServices(),
    exposedHeaders: EXPOSED_HEADERS.join(','),
    problems: Object.fromEntries(entries),
  }
}

function titlesOf(code: ProblemCode): Record<string, string> {
  const titles = [...loadCatalogues('problems')].map(([language, catalogue]) => [language, catalogue[code]])
  return Object.fromEntries(titles.filter(([, title]) => title !== undefined))
}

/** Headers that differ from answer to answer, or belong to the connection. */
const OF_ONE_ANSWER =
  /^(date|connection|keep-alive|content-.*(type|length|language)|transfer-encoding|vary|x-request-id)$/

/** The headers that every answer of a service has, as an app without any operation answers them. */
async function headersOfServices(): Promise<Record<string, string>> {
  const app = createHttpApp({
    routes: [],
    authenticate: { bearer: async () => undefined, opsCookie: async () => undefined },
    rateLimits: { count: async () => ({}) },
    knowledgeAgeMs: () => 0,
    publicUrl: 'http://localhost',
    corsOrigins: [],
    trustedProxies: [],
    checkAnswers: false,
    log: createLogger({ service: 'docs', level: 'silent' }),
    registry: createRegistry('docs'),
  })
  const listener = await listen(app, { port: 0, graceMs: 0 })
  try {
    const answer = await fetch(`http://127.0.0.1:${listener.port}/`)
    await answer.arrayBuffer()
    return Object.fromEntries([...answer.headers].filter(([name]) => !OF_ONE_ANSWER.test(name)))
  } finally {
    await listener.drain()
  }
}

/** The page at `/docs/problems`, where the types of problems lead: one entry a code, at the end of its type. */
export function problemsPage(): string {
  const join = (parts: Html[]): Html => ({ html: parts.map((part) => part.html).join('\n') })
  const entry = (code: ProblemCode) => html`<section id="${problemSlug(code)}">
<h2>${String(statusOf(code))} ${code}</h2>
<p><code>${problemType(code)}</code></p>
<p>${problems[code].meaning}</p>
${join(Object.entries(titlesOf(code)).map(([language, title]) => html`<p lang="${language}">${language}: ${title}</p>`))}
</section>`
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollcall: problems</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<h1>Problems</h1>
<p>Every refusal is <code>application/problem+json</code> (RFC 9457). Its member <code>error</code> is stable: branch on it. What people are shown is <code>title</code>, in their language.</p>
${join(problemCodes.map(entry))}
</main>
</body>
</html>
`.html
  }`
}
