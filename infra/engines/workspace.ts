import { join } from 'node:path'

/** The clone's folder. */
export const ROOT = join(import.meta.dirname, '../..')
