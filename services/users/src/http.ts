import type { Route } from '@rollcall/http/operation'
import { type AccountRouteDeps, accountRoutes } from './accounts/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { type OperatorRouteDeps, operatorRoutes } from './operators/routes.ts'
import type { ChangeRoleDeps } from './roles/change-role.ts'
import { roleRoutes } from './roles/routes.ts'
import type { TokenSigner } from './sessions/access-token.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { verificationRoutes } from './verification/routes.ts'

export interface UsersHttpDeps extends AccountRouteDeps, OperatorRouteDeps, ChangeRoleDeps {
  signer: TokenSigner
}

export function usersRoutes(deps: UsersHttpDeps): Route[] {
  const { signer, publicUrl } = deps
  return [
    ...accountRoutes(deps),
    ...verificationRoutes(deps),
    ...sessionRoutes(deps),
    ...keyRoutes({ ...signer, publicUrl }),
    ...roleRoutes(deps),
    ...operatorRoutes(deps),
  ]
}
