import type { Route } from '@rollcall/http/operation'
import { type AccountRouteDeps, accountRoutes } from './accounts/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { erasureRoutes } from './erasure/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { type LockoutRouteDeps, lockoutRoutes } from './lockouts/routes.ts'
import { operatorRoutes } from './operators/routes.ts'
import { type PeopleRouteDeps, peopleRoutes } from './people/routes.ts'
import { professionalRoutes } from './professionals/routes.ts'
import { type ProfileRouteDeps, profileRoutes } from './profiles/routes.ts'
import { type RecoveryRouteDeps, recoveryRoutes } from './recovery/routes.ts'
import type { ChangeRoleDeps } from './roles/change-role.ts'
import { roleRoutes } from './roles/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import type { SignInDeps } from './sessions/sign-in.ts'
import { type VerificationRouteDeps, verificationRoutes } from './verification/routes.ts'

export interface UsersHttpDeps
  extends Omit<AccountRouteDeps, 'verification'>,
    SignInDeps,
    ChangeRoleDeps,
    RecoveryRouteDeps,
    LockoutRouteDeps,
    ProfileRouteDeps,
    Omit<PeopleRouteDeps, 'setPassword' | 'confirmation'>,
    VerificationRouteDeps {}

export function usersRoutes(deps: UsersHttpDeps): Route[] {
  const { signer, publicUrl } = deps
  return [
    ...accountRoutes(deps),
    ...verificationRoutes(deps),
    ...sessionRoutes(deps),
    ...recoveryRoutes(deps),
    ...lockoutRoutes(deps),
    ...profileRoutes(deps),
    ...peopleRoutes(deps),
    ...professionalRoutes(deps),
    ...erasureRoutes(deps),
    ...auditRoutes(deps),
    ...keyRoutes({ ...signer, publicUrl }),
    ...roleRoutes(deps),
    ...operatorRoutes(deps),
  ]
}
