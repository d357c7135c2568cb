import { vault } from '../company.mjs'
import { keys } from '../keys.mjs'
import { awsId } from '../prng.mjs'

export const flagshipId = awsId('AKIA', 'BILLXPQK7')
export const flagship = keys.awsAccessKey(flagshipId)
export const flagshipPath = keys.vaultSecret(vault, 'kv/billing/aws-export')

export const user = 'svc-billing-export'

/** `[namespace, Secret, refreshInterval]`: who copies the Vault path. */
export const copies = [
  ['billing', 'billing-aws-creds', '15m'],
  ['payments', 'billing-aws-creds', '1h'],
  ['checkout', 'export-aws', '1h'],
  ['warehouse', 'stage-aws', '1h'],
  ['mobile', 'receipts-aws', '1h'],
  ['backup', 'archive-aws', '1h'],
  ['crm', 'crm-sync-aws', undefined],
  ['support', 'agent-tools-aws', '1h'],
]
