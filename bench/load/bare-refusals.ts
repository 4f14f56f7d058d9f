import { createServer } from 'node:http'

/** Node alone, as a process of its own: refuses the first so many requests, and takes those who come back. */
const toRefuse = Number(process.argv[2])
let asked = 0

const server = createServer((_, response) => {
  asked += 1
  response.statusCode = asked <= toRefuse ? 503 : 200
  response.setHeader('retry-after', '0')
  response.end('{}')
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
