/**
 * `[system, namespace, name, how, argument]`. How it comes by the key, and what that means for the time it breaks:
 * - `env`, `volume`: from the namespace's Secret, at the next request it signs;
 * - `nightly`: the same, in a CronJob;
 * - `direct`: fetched from Vault by the process, which holds a session for `argument` seconds more;
 * - `start`: fetched once at start, to load something; not needed again before the next restart;
 * - `in-code`: the id stands in the manifest, in clear: nothing but a change of code takes it out;
 * - `behind`: does not hold the key: lives on what another workload writes, and has `argument[1]` seconds of it in store;
 * - `other-way`: has the key and a role of its own, and was seen working with either;
 * - `suspected`: somebody thinks so; no export shows it.
 */
export const table = [
  ['Payments', 'payments', 'card-vault-sync', 'env', { reload: true }],
  ['Payments', 'payments', 'payout-exporter', 'volume', {}],
  ['Payments', 'payments', 'settlement-reporter', 'direct', [1680, 1680]],
  ['Payments', 'payments', 'bank-file-sender', 'in-code', {}],
  ['Payments', 'payments', 'bank-ack', 'behind', ['bank-file-sender', [600, 900]]],
  ['Payments', 'payments', 'ledger-archiver', 'behind', ['payout-exporter', [600, 900]]],
  ['Payments', 'payments', 'refund-notifier', 'behind', ['card-vault-sync', [300, 600]]],
  ['Payments', 'payments', 'tokenizer', 'other-way'],
  ['Checkout', 'checkout', 'receipt-writer', 'volume', {}],
  ['Checkout', 'checkout', 'order-archive', 'behind', ['receipt-writer', [600, 900]]],
  ['Checkout', 'checkout', 'invoice-pdf', 'behind', ['receipt-writer', [480, 900]]],
  ['Checkout', 'checkout', 'tax-report', 'direct', [2400, 2700]],
  ['Checkout', 'checkout', 'price-rules', 'start', 2.5],
  ['Checkout', 'checkout', 'cart-api', 'other-way'],
  ['Fraud scoring', 'fraud', 'feature-loader', 'env', { secret: 'aws-billing-copy' }],
  ['Fraud scoring', 'fraud', 'blocklist-push', 'in-code', {}],
  ['Fraud scoring', 'fraud', 'score-api', 'behind', ['feature-loader', [600, 900]]],
  ['Fraud scoring', 'fraud', 'rule-refresh', 'behind', ['feature-loader', [300, 900]]],
  ['Fraud scoring', 'fraud', 'model-registry', 'direct', [2700, 3000]],
  ['Fraud scoring', 'fraud', 'nightly-train', 'nightly', { secret: 'aws-billing-copy', schedule: '15 1 * * *' }],
  ['Fraud scoring', 'fraud', 'chargeback-watch', 'start', 6],
  ['Billing export', 'billing', 'billing-exporter', 'env', { reload: true }],
  ['Billing export', 'billing', 'usage-collector', 'volume', {}],
  ['Billing export', 'billing', 'invoice-run', 'nightly', { schedule: '30 2 * * *' }],
  ['Billing export', 'billing', 'dunning-run', 'nightly', { schedule: '0 5 * * *' }],
  ['Billing export', 'billing', 'currency-cache', 'suspected', 'reads the bucket, by its name'],
  ['Billing export', 'billing', 'statement-api', 'other-way'],
  ['Billing export', 'billing', 'ledger-view', 'other-way'],
  ['Data warehouse', 'warehouse', 'stage-loader', 'nightly', { schedule: '10 3 * * *' }],
  ['Data warehouse', 'warehouse', 'usage-export', 'nightly', { schedule: '45 3 * * *' }],
  ['Data warehouse', 'warehouse', 'finance-mart', 'behind', ['stage-loader', [21600, 43200], 'cronjob']],
  ['Data warehouse', 'warehouse', 'margin-model', 'behind', ['stage-loader', [43200, 86400], 'cronjob']],
  ['Data warehouse', 'warehouse', 'notebooks', 'suspected', 'analysts were given the key once'],
  ['Data warehouse', 'warehouse', 'query-api', 'other-way'],
  ['Data warehouse', 'warehouse', 'bi-cache', 'other-way'],
  ['Mobile API', 'mobile', 'receipts-feed', 'env', {}],
  ['Mobile API', 'mobile', 'push-templates', 'direct', [1800, 2700]],
  ['Mobile API', 'mobile', 'legacy-receipts', 'in-code', {}],
  ['Mobile API', 'mobile', 'statement-cache', 'behind', ['receipts-feed', [28800, 43200]]],
  ['Mobile API', 'mobile', 'app-config', 'start', 1.2],
  ['Mobile API', 'mobile', 'feature-flags', 'start', 4],
  ['Mobile API', 'mobile', 'gateway', 'other-way'],
  ['Mobile API', 'mobile', 'profile-api', 'other-way'],
  ['Backups', 'backup', 'archive-verify', 'nightly', { schedule: '0 1 * * *' }],
  ['Backups', 'backup', 'snapshot-copy', 'nightly', { schedule: '0 */6 * * *' }],
  ['Backups', 'backup', 'restore-drill', 'suspected', 'last drill used whatever key was at hand'],
  ['Backups', 'backup', 'backup-monitor', 'other-way'],
  ['CRM sync', 'crm', 'account-sync', 'direct', [2100, 3000]],
  ['CRM sync', 'crm', 'segment-export', 'suspected', 'mentioned in a ticket of 2024'],
  ['CRM sync', 'crm', 'dealer-portal-push', 'in-code', { schedule: '30 4 * * *' }],
  ['CRM sync', 'crm', 'weekly-digest', 'behind', ['account-sync', [14400, 28800]]],
  ['Support AI agent', 'support', 'support-copilot-tools', 'volume', {}],
  ['Support AI agent', 'support', 'ticket-summary', 'behind', ['support-copilot-tools', [300, 600]]],
  ['Support AI agent', 'support', 'refund-lookup', 'behind', ['support-copilot-tools', [600, 900]]],
  ['Support AI agent', 'support', 'knowledge-index', 'direct', [2000, 2900]],
]

/** Without these the system is down; what is not named only takes something away from it. */
export const vital = new Set([
  'card-vault-sync',
  'receipt-writer',
  'feature-loader',
  'billing-exporter',
  'stage-loader',
  'snapshot-copy',
  'support-copilot-tools',
])
