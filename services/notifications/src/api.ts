import type { Api } from '@rollcall/http/operation'
import { queuesApi } from './operations/api.ts'

/** Everything that this service serves, for the API's document. */
export const apis: Api[] = [queuesApi]
