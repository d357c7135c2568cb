const digits = '0123456789'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const word = digits + lower + upper
const url = `${word}-_`
const dotted = `${url}.`
const base64 = `${word}+/`
const hex = `${digits}abcdef`

export interface TokenShape {
  readonly id: string
  readonly prefix: string
  /** Characters that may follow. */
  readonly of: string
  /** So many of them at least make a token of it. */
  readonly min: number
  /** What has to stand among them as well, where the prefix alone says little. */
  readonly including?: string
}

/**
 * Known shapes of secrets: a prefix and a run of characters, looked for without any RegExp. Identifiers (AWS access
 * key ids, client ids, Vault accessors) are no secrets and not here. Prefixes from the vendors' own documentation.
 */
export const tokenShapes: readonly TokenShape[] = [
  { id: 'github-token', prefix: 'ghp_', of: word, min: 30 },
  { id: 'github-token', prefix: 'gho_', of: word, min: 30 },
  { id: 'github-token', prefix: 'ghu_', of: word, min: 30 },
  { id: 'github-token', prefix: 'ghs_', of: word, min: 30 },
  { id: 'github-token', prefix: 'ghr_', of: word, min: 30 },
  { id: 'github-token', prefix: 'github_pat_', of: `${word}_`, min: 40 },
  { id: 'gitlab-token', prefix: 'glpat-', of: dotted, min: 20 },
  { id: 'gitlab-token', prefix: 'gldt-', of: url, min: 20 },
  { id: 'gitlab-token', prefix: 'glrt-', of: dotted, min: 20 },
  { id: 'gitlab-token', prefix: 'glptt-', of: hex, min: 40 },
  { id: 'slack-token', prefix: 'xoxb-', of: url, min: 20 },
  { id: 'slack-token', prefix: 'xoxp-', of: url, min: 20 },
  { id: 'slack-token', prefix: 'xoxa-', of: url, min: 20 },
  { id: 'slack-token', prefix: 'xoxr-', of: url, min: 20 },
  { id: 'slack-token', prefix: 'xoxs-', of: url, min: 20 },
  { id: 'slack-token', prefix: 'xapp-', of: url, min: 20 },
  { id: 'slack-webhook', prefix: 'hooks.slack.com/services/', of: `${word}/`, min: 30 },
  { id: 'stripe-key', prefix: 'sk_live_', of: word, min: 16 },
  { id: 'stripe-key', prefix: 'rk_live_', of: word, min: 16 },
  { id: 'stripe-key', prefix: 'sk_test_', of: word, min: 16 },
  { id: 'stripe-webhook-secret', prefix: 'whsec_', of: base64, min: 24 },
  { id: 'openai-key', prefix: 'sk-', of: url, min: 32, including: 'T3BlbkFJ' },
  { id: 'openai-key', prefix: 'sk-proj-', of: url, min: 32 },
  { id: 'anthropic-key', prefix: 'sk-ant-', of: url, min: 32 },
  { id: 'google-api-key', prefix: 'AIza', of: url, min: 35 },
  { id: 'google-oauth-token', prefix: 'ya29.', of: dotted, min: 20 },
  { id: 'google-client-secret', prefix: 'GOCSPX-', of: url, min: 24 },
  { id: 'aws-session-token', prefix: 'IQoJb3JpZ2lu', of: `${base64}=`, min: 60 },
  { id: 'aws-session-token', prefix: 'FwoGZXIvYXdz', of: `${base64}=`, min: 60 },
  { id: 'aws-secret-key', prefix: 'aws_secret_access_key=', of: base64, min: 40 },
  { id: 'aws-secret-key', prefix: 'AWS_SECRET_ACCESS_KEY=', of: base64, min: 40 },
  { id: 'azure-storage-key', prefix: 'AccountKey=', of: `${base64}=`, min: 40 },
  { id: 'azure-shared-key', prefix: 'SharedAccessKey=', of: `${base64}=`, min: 40 },
  { id: 'npm-token', prefix: 'npm_', of: word, min: 36 },
  { id: 'pypi-token', prefix: 'pypi-AgEIcHlwaS5vcmc', of: url, min: 40 },
  { id: 'docker-token', prefix: 'dckr_pat_', of: url, min: 20 },
  { id: 'sendgrid-key', prefix: 'SG.', of: dotted, min: 60 },
  { id: 'shopify-token', prefix: 'shpat_', of: hex, min: 32 },
  { id: 'digitalocean-token', prefix: 'dop_v1_', of: hex, min: 64 },
  { id: 'vault-token', prefix: 'hvs.', of: url, min: 24 },
  { id: 'vault-token', prefix: 'hvb.', of: url, min: 24 },
  { id: 'vault-token', prefix: 'hvr.', of: url, min: 24 },
  { id: 'terraform-token', prefix: '.atlasv1.', of: url, min: 40 },
  { id: 'databricks-token', prefix: 'dapi', of: hex, min: 32 },
  { id: 'linear-key', prefix: 'lin_api_', of: word, min: 32 },
  { id: 'onepassword-token', prefix: 'ops_eyJ', of: url, min: 80 },
  { id: 'age-key', prefix: 'AGE-SECRET-KEY-1', of: digits + upper, min: 40 },
  { id: 'doppler-token', prefix: 'dp.pt.', of: word, min: 32 },
  { id: 'doppler-token', prefix: 'dp.st.', of: dotted, min: 32 },
  { id: 'planetscale-token', prefix: 'pscale_tkn_', of: dotted, min: 30 },
  { id: 'postman-key', prefix: 'PMAK-', of: `${hex}-`, min: 40 },
  { id: 'newrelic-key', prefix: 'NRAK-', of: digits + upper, min: 24 },
  { id: 'grafana-token', prefix: 'glsa_', of: `${word}_`, min: 36 },
  { id: 'grafana-token', prefix: 'glc_', of: `${base64}=`, min: 32 },
  { id: 'sentry-token', prefix: 'sntrys_', of: `${base64}=_`, min: 40 },
  { id: 'private-key', prefix: '-----BEGIN ', of: `${upper} `, min: 11, including: 'PRIVATE KEY' },
  { id: 'jwt', prefix: 'eyJ', of: dotted, min: 40, including: '.eyJ' },
]
