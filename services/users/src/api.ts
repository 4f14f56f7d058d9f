import type { Api } from '@rollcall/http/operation'
import { accountsApi } from './accounts/api.ts'
import { auditApi } from './audit/api.ts'
import { erasureApi } from './erasure/api.ts'
import { keysApi } from './keys/api.ts'
import { lockoutsApi } from './lockouts/api.ts'
import { operatorsApi } from './operators/api.ts'
import { peopleApi } from './people/api.ts'
import { professionalsApi } from './professionals/api.ts'
import { profilesApi } from './profiles/api.ts'
import { recoveryApi } from './recovery/api.ts'
import { rolesApi } from './roles/api.ts'
import { sessionsApi } from './sessions/api.ts'
import { verificationApi } from './verification/api.ts'

/** Everything that this service serves, for the API's document. */
export const apis: Api[] = [
  accountsApi,
  verificationApi,
  sessionsApi,
  recoveryApi,
  lockoutsApi,
  profilesApi,
  peopleApi,
  professionalsApi,
  erasureApi,
  auditApi,
  keysApi,
  rolesApi,
  operatorsApi,
]
