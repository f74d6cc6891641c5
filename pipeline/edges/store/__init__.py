"""Files, archive, inbox and ledger: what stays on the disk."""
