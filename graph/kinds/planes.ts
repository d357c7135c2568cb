/** Who hands out and takes back: the control plane in which a kind of thing is managed. */
export const planes = {
  aws: 'AWS IAM',
  azure: 'Azure and Entra',
  gcp: 'Google Cloud IAM',
  kubernetes: 'Kubernetes',
  vault: 'Vault',
  github: 'GitHub',
  gitlab: 'GitLab',
  ci: 'CI and delivery',
  database: 'Databases and brokers',
  pki: 'Certificates, SSH and OAuth',
  directory: 'Directory',
  workload: 'Workload identity',
  vendor: 'Vendor',
  business: 'Business',
  unknown: 'Unknown',
} as const satisfies Record<string, string>

export type Plane = keyof typeof planes
