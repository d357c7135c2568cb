import { accountRegister } from './account-register/index.ts'
import { awsAccessKeys } from './aws-access-keys/index.ts'
import { awsAuthorizationDetails } from './aws-authorization-details/index.ts'
import { awsCredentialReport } from './aws-credential-report/index.ts'
import { awsConfig } from './aws-config/index.ts'
import { awsOrganizations } from './aws-organizations/index.ts'
import { awsResources } from './aws-resources/index.ts'
import { awsRolesAnywhere } from './aws-roles-anywhere/index.ts'
import { awsServiceLastAccessed } from './aws-service-last-accessed/index.ts'
import { bundle } from './bundle/index.ts'
import { catalog } from './catalog/index.ts'
import { circleci } from './circleci/index.ts'
import { cmdbCsv } from './cmdb-csv/index.ts'
import { cloudformation } from './cloudformation/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { githubApi } from './github-api/index.ts'
import { githubAudit } from './github-audit/index.ts'
import { githubWorkflows } from './github-workflows/index.ts'
import type { Importer } from './importer.ts'
import { kubernetes } from './kubernetes/index.ts'
import { kubernetesAudit } from './kubernetes-audit/index.ts'
import { terraformConfig } from './terraform-config/index.ts'
import { terraformPlan } from './terraform-plan/index.ts'
import { terraformState } from './terraform-state/index.ts'
import { vaultAudit } from './vault-audit/index.ts'
import { vaultConfig } from './vault-config/index.ts'
import { vaultPhalanx } from './vault-phalanx/index.ts'

/** Every importer, one line each. Of two that are equally sure of a file the first one reads it. */
export const importers: readonly Importer[] = [
  awsAuthorizationDetails,
  awsCredentialReport,
  awsAccessKeys,
  awsResources,
  awsConfig,
  awsOrganizations,
  awsServiceLastAccessed,
  awsRolesAnywhere,
  cloudtrail,
  vaultConfig,
  vaultPhalanx,
  kubernetes,
  kubernetesAudit,
  vaultAudit,
  githubWorkflows,
  githubApi,
  githubAudit,
  cloudformation,
  terraformState,
  terraformConfig,
  terraformPlan,
  circleci,
  catalog,
  cmdbCsv,
  accountRegister,
  bundle,
]
