import { createLogger } from '@rollcall/runtime/logger'

export const log = createLogger({ service: 'test', level: 'silent' })
